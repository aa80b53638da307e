"""Media of the embedded run (a CDN's in production)."""

from django.urls import path, re_path

from streaming import desk, edge, preview, views

urlpatterns = [
    path("watch/<slug:slug>", views.watch, name="watch"),
    path("watch/<slug:slug>/trailer", views.trailer, name="trailer"),
    path("preview/<uuid:movie_id>", preview.page_view, name="preview"),
    path("preview/<uuid:movie_id>/beat", preview.beat_view, name="preview-beat"),
    path("desk/<uuid:movie_id>/subtitles", desk.subtitles_view, name="desk-subtitles"),
    path(
        "desk/<uuid:movie_id>/trailer/remove", desk.trailer_remove_view, name="desk-trailer-remove"
    ),
    path(
        "desk/<uuid:movie_id>/subtitles/<int:subtitle_id>/remove",
        desk.subtitles_remove_view,
        name="desk-subtitles-remove",
    ),
    path(
        "desk/<uuid:movie_id>/audio/<int:track_id>/remove",
        desk.sound_remove_view,
        name="desk-sound-remove",
    ),
    path("desk/<uuid:movie_id>/audio/<int:track_id>/vj", desk.narrator_view, name="desk-narrator"),
    re_path(r"^hls/(?P<token>[^/]+)/(?P<name>.+)\Z", edge.hls, name="hls"),
    re_path(r"^public/(?P<name>.+)\Z", edge.public, name="public"),
]
