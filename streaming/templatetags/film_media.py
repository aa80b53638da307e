"""Tags of a film's admin page: `film_media`, `film_tracks` and `track_manager`."""

from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.urls import reverse

from catalog.languages import OFFERED_NAMES
from catalog.models import CreditJob, Movie, Person
from streaming.api.serializers import video_json
from streaming.models import AssetKind, AssetStatus, VideoAsset
from streaming.selectors.tracks import audio_tracks_offered, subtitles_state

register = template.Library()
# Older videos are in the list of videos.
LATEST_VIDEOS = 5
MOST_VJS = 200


@register.inclusion_tag("streaming/film_media.html", takes_context=True)
def film_media(context: dict[str, Any], movie: Movie) -> dict[str, Any]:
    # The uploader's own page shows an upload in progress, and ready sound is among the tracks.
    arrived = VideoAsset.objects.filter(movie=movie).exclude(status=AssetStatus.AWAITING_UPLOAD)
    videos = arrived.exclude(kind=AssetKind.SOUND, status=AssetStatus.READY).order_by("-created_at")
    data = {
        "movieId": str(movie.pk),
        "apiUrl": reverse("api-video-upload-url").removesuffix("/upload-url"),
        "soundUrl": reverse("api-movie-audio-tracks", args=[movie.pk]) if movie.playable else "",
        "csrfToken": get_token(context["request"]),
        "watchUrl": reverse("watch", args=[movie.slug]) if movie.published else "",
        "trailerUrl": reverse("trailer", args=[movie.slug]) if movie.published else "",
        "videos": [video_json(asset) for asset in videos[:LATEST_VIDEOS]],
    }
    return {"data": data}


@register.inclusion_tag("streaming/film_tracks.html")
def film_tracks(movie: Movie) -> dict[str, Any]:
    """Show the audio tracks and subtitles that viewers can choose."""
    return _tracks(movie)


@register.inclusion_tag("streaming/track_manager.html")
def track_manager(movie: Movie) -> dict[str, Any]:
    """Show forms for a film's tracks: set narrators, add and remove subtitles."""
    vjs = Person.objects.filter(credits__job=CreditJob.VJ).distinct().order_by("name")
    return _tracks(movie) | {"movie": movie, "languages": OFFERED_NAMES, "vjs": vjs[:MOST_VJS]}


def _tracks(movie: Movie) -> dict[str, Any]:
    subtitles = subtitles_state(movie)
    return {
        "audio_tracks": audio_tracks_offered(movie),
        "subtitles": subtitles.rows,
        "live": subtitles.live,
    }
