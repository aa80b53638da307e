"""The films a viewer keeps."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog.models import Favorite, Movie
from catalog.services.counters import count_add, movie_lock, writer_get


@transaction.atomic
def favorite_add(movie: Movie, *, user_id: UUID, now: datetime) -> bool:
    """Keep a film; whether it was not kept before. Raises NotFound and Denied."""
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
    """Keep it no more; a no-op for what was not kept. Raises NotFound."""
    movie_lock(movie.pk)
    removed, _ = Favorite.objects.filter(user_id=user_id, movie=movie).delete()
    if removed:
        count_add(Movie.objects.filter(pk=movie.pk), "favorite_count", -1)
