"""`{% film_media movie %}`: a film's videos and the uploader, for the back office."""

from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.urls import reverse

from catalog.models import Movie
from streaming.api.serializers import video_json
from streaming.models import AssetStatus, VideoAsset

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


def _videos(movie: Movie) -> list[VideoAsset]:
    """The latest first; an upload under way is the uploader's own to show."""
    arrived = VideoAsset.objects.filter(movie=movie).exclude(status=AssetStatus.AWAITING_UPLOAD)
    return list(arrived.order_by("-created_at")[:SHOWN])
