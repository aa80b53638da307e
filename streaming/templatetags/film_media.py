"""`{% film_media movie %}`, a film's videos and the uploader, and `{% film_tracks movie %}`."""

from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.urls import reverse

from catalog.models import Movie
from streaming.api.serializers import video_json
from streaming.models import AssetKind, AssetStatus, VideoAsset

register = template.Library()
# What is older is of no use on the page; the list of videos has it.
SHOWN = 5


@register.inclusion_tag("streaming/film_media.html", takes_context=True)
def film_media(context: dict[str, Any], movie: Movie) -> dict[str, Any]:
    data = {
        "movieId": str(movie.pk),
        "apiUrl": reverse("api-video-upload-url").removesuffix("/upload-url"),
        "csrfToken": get_token(context["request"]),
        "watchUrl": reverse("watch", args=[movie.slug]) if movie.published else "",
        "videos": [video_json(asset) for asset in _videos(movie)],
    }
    return {"data": data}


@register.inclusion_tag("streaming/film_tracks.html")
def film_tracks(movie: Movie) -> dict[str, Any]:
    """The sound and the subtitles viewers may choose from."""
    assets = VideoAsset.objects.prefetch_related("audio_tracks", "subtitles")
    current = assets.filter(movie=movie, kind=AssetKind.FEATURE, is_current=True).first()
    if current is None:
        return {"audio_tracks": [], "subtitles": []}
    return {"audio_tracks": current.audio_tracks.all(), "subtitles": current.subtitles.all()}


def _videos(movie: Movie) -> list[VideoAsset]:
    """The latest first; an upload under way is the uploader's own to show."""
    arrived = VideoAsset.objects.filter(movie=movie).exclude(status=AssetStatus.AWAITING_UPLOAD)
    return list(arrived.order_by("-created_at")[:SHOWN])
