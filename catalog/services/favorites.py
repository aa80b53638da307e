"""Writes of “My list”."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog.models import Favorite, Movie
from catalog.services.counters import count_add, movie_lock, writer_get


@transaction.atomic
def favorite_add(movie: Movie, *, user_id: UUID, now: datetime) -> bool:
    """Add a film; return whether it is new on the list. Raises NotFound and Denied."""
    movie_lock(movie.pk, public=True)
    writer_get(user_id)
    when = {"created_at": now}
    _, created = Favorite.objects.get_or_create(user_id=user_id, movie=movie, defaults=when)
    if created:
        count_add(Movie.objects.filter(pk=movie.pk), "favorite_count", 1)
    movie.refresh_from_db(fields=["favorite_count"])
    return created


@transaction.atomic
def favorite_remove(movie: Movie, *, user_id: UUID) -> None:
    """Remove a film; does nothing for a film that is not on the list. Raises NotFound."""
    movie_lock(movie.pk)
    removed, _ = Favorite.objects.filter(user_id=user_id, movie=movie).delete()
    if removed:
        count_add(Movie.objects.filter(pk=movie.pk), "favorite_count", -1)
