"""Shares of films. A client counts once per film and hour, so that one person cannot make a hit."""

from dataclasses import dataclass

from django.db import models, transaction
from django.urls import reverse

from catalog.events import MovieShared
from catalog.models import Movie
from catalog.services.counters import count_add, movie_lock
from kushfilms.core.events import emit
from kushfilms.core.links import absolute_url
from kushfilms.core.rate_windows import rate_of, window_count, window_first

HOUR = 3600


class ShareChannel(models.TextChoices):
    WHATSAPP = "WHATSAPP"
    FACEBOOK = "FACEBOOK"
    X = "X"
    TELEGRAM = "TELEGRAM"
    TIKTOK = "TIKTOK"
    SMS = "SMS"
    EMAIL = "EMAIL"
    LINK = "LINK", "Copied link"
    OTHER = "OTHER"


@dataclass(frozen=True)
class Sharer:
    """`key` identifies a client as far as possible; `address` is what a client cannot make up."""

    key: str
    address: str


def movie_share(movie: Movie, *, by: Sharer, channel: str, now: float) -> str:
    """Count a share and return the address to share; the count is in `movie`. Raises NotFound."""
    is_counted = window_first(f"share:{movie.pk}:{by.key}", seconds=HOUR, now=now)
    if is_counted:
        # A client that changes its identity each time is still limited by its address.
        limit, seconds = rate_of("share_address")
        key = f"shares:{movie.pk}:{by.address}"
        is_counted = window_count(key, seconds=seconds, now=now) <= limit
    if is_counted:
        with transaction.atomic():
            movie_lock(movie.pk, public=True)
            count_add(Movie.objects.filter(pk=movie.pk), "share_count", 1)
            emit(MovieShared(movie_id=movie.pk, channel=channel))
        movie.refresh_from_db(fields=["share_count"])
    return absolute_url(reverse("movie", args=[movie.slug]))
