"""URLs of the video and playback API, below `/api/v1/`."""

from django.urls import path

from streaming.api.audio_tracks import AudioTrackListView, AudioTrackView
from streaming.api.playback import StreamView, TrailerView, WatchView
from streaming.api.subtitles import SubtitleListView, SubtitleView
from streaming.api.videos import (
    CompleteView,
    PartsView,
    TranscodeView,
    UploadUrlView,
    VideoView,
)

urlpatterns = [
    path("movies/<str:reference>/stream", StreamView.as_view(), name="api-movie-stream"),
    path("movies/<str:reference>/trailer", TrailerView.as_view(), name="api-movie-trailer"),
    path("movies/<str:reference>/watch", WatchView.as_view(), name="api-movie-watch"),
    path(
        "admin/movies/<uuid:movie_id>/audio-tracks",
        AudioTrackListView.as_view(),
        name="api-movie-audio-tracks",
    ),
    path("admin/movies/<uuid:movie_id>/audio-tracks/<int:track_id>", AudioTrackView.as_view()),
    path("admin/movies/<uuid:movie_id>/subtitles", SubtitleListView.as_view()),
    path("admin/movies/<uuid:movie_id>/subtitles/<int:subtitle_id>", SubtitleView.as_view()),
    path("admin/videos/upload-url", UploadUrlView.as_view(), name="api-video-upload-url"),
    path("admin/videos/<uuid:video_id>", VideoView.as_view(), name="api-video"),
    path("admin/videos/<uuid:video_id>/parts", PartsView.as_view(), name="api-video-parts"),
    path(
        "admin/videos/<uuid:video_id>/complete", CompleteView.as_view(), name="api-video-complete"
    ),
    path(
        "admin/videos/<uuid:video_id>/transcode",
        TranscodeView.as_view(),
        name="api-video-transcode",
    ),
]
