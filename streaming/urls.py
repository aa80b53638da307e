"""Watch pages, staff's pages of tracks, and media (served by a CDN in production)."""

from django.urls import path, re_path

from streaming.views import admin_tracks, edge, preview, watch

urlpatterns = [
    path("watch/<slug:slug>", watch.watch, name="watch"),
    path("watch/<slug:slug>/trailer", watch.trailer, name="trailer"),
    path("preview/<uuid:movie_id>", preview.page_view, name="preview"),
    path("preview/<uuid:movie_id>/beat", preview.beat_view, name="preview-beat"),
    path("desk/<uuid:movie_id>/subtitles", admin_tracks.subtitles_view, name="desk-subtitles"),
    path(
        "desk/<uuid:movie_id>/trailer/remove",
        admin_tracks.trailer_remove_view,
        name="desk-trailer-remove",
    ),
    path(
        "desk/<uuid:movie_id>/subtitles/<int:subtitle_id>/remove",
        admin_tracks.subtitles_remove_view,
        name="desk-subtitles-remove",
    ),
    path(
        "desk/<uuid:movie_id>/audio/<int:track_id>/remove",
        admin_tracks.audio_remove_view,
        name="desk-sound-remove",
    ),
    path(
        "desk/<uuid:movie_id>/audio/<int:track_id>/vj",
        admin_tracks.narrator_view,
        name="desk-narrator",
    ),
    re_path(r"^hls/(?P<token>[^/]+)/(?P<name>.+)\Z", edge.hls, name="hls"),
    re_path(r"^public/(?P<name>.+)\Z", edge.public, name="public"),
]
