"""`{% film_media movie %}`, a film's videos and the uploader, and `{% film_tracks movie %}`."""

from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.urls import reverse

from catalog.languages import OFFERED_NAMES
from catalog.models import CreditJob, Movie, Person
from streaming.api.serializers import video_json
from streaming.models import AssetKind, AssetStatus, VideoAsset
from streaming.selectors import sound_offered, subtitles_now

register = template.Library()
# What is older is of no use on the page; the list of videos has it.
SHOWN = 5
VJS_OFFERED = 200


@register.inclusion_tag("streaming/film_media.html", takes_context=True)
def film_media(context: dict[str, Any], movie: Movie) -> dict[str, Any]:
    data = {
        "movieId": str(movie.pk),
        "apiUrl": reverse("api-video-upload-url").removesuffix("/upload-url"),
        "soundUrl": reverse("api-movie-audio-tracks", args=[movie.pk]) if movie.playable else "",
        "csrfToken": get_token(context["request"]),
        "watchUrl": reverse("watch", args=[movie.slug]) if movie.published else "",
        "trailerUrl": reverse("trailer", args=[movie.slug]) if movie.published else "",
        "videos": [video_json(asset) for asset in _videos(movie)],
    }
    return {"data": data}


@register.inclusion_tag("streaming/film_tracks.html")
def film_tracks(movie: Movie) -> dict[str, Any]:
    """The sound and the subtitles viewers may choose from."""
    return _tracks(movie)


@register.inclusion_tag("streaming/track_desk.html")
def track_desk(movie: Movie) -> dict[str, Any]:
    """The same to work at: who tells which track, subtitles added and taken off."""
    vjs = Person.objects.filter(credits__job=CreditJob.VJ).distinct().order_by("name")
    return _tracks(movie) | {"movie": movie, "languages": OFFERED_NAMES, "vjs": vjs[:VJS_OFFERED]}


def _tracks(movie: Movie) -> dict[str, Any]:
    now = subtitles_now(movie)
    return {"audio_tracks": sound_offered(movie), "subtitles": now.rows, "live": now.live}


def _videos(movie: Movie) -> list[VideoAsset]:
    """The latest first; an upload under way is the uploader's own to show."""
    arrived = VideoAsset.objects.filter(movie=movie).exclude(status=AssetStatus.AWAITING_UPLOAD)
    arrived = arrived.exclude(kind=AssetKind.SOUND, status=AssetStatus.READY)  # a track by now
    return list(arrived.order_by("-created_at")[:SHOWN])
