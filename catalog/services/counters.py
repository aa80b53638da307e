"""Exact counters beside the rows they count.

Every change locks the counted row first and the rows below it afterwards. With this single order no
two transactions wait for each other.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, Model, QuerySet

from accounts.models import User
from catalog.models import Movie
from kushfilms.core.errors import Denied, NotFound


def key_lock(rows: QuerySet[Any]) -> bool:
    """Lock the one row, if it exists, and return whether it does.

    The lock leaves the key free, so that others may insert rows that point at it.
    """
    return bool(rows.order_by().select_for_update(no_key=True).values_list("pk").first())


def keys_lock(model: type[Model], ids: Iterable[UUID]) -> None:
    """Lock several rows in the order that every caller uses."""
    rows = model._default_manager.filter(pk__in=set(ids)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def movie_lock(movie_id: UUID, *, public: bool = False) -> None:
    """Lock a film. Raises NotFound."""
    films = Movie.objects.filter(pk=movie_id)
    if not key_lock(films.filter(published=True) if public else films):
        raise NotFound("There is no such film.")


def count_add(rows: QuerySet[Any], column: str, change: int) -> None:
    rows.update(**{column: F(column) + change})


def writer_get(user_id: UUID) -> User:
    """Return the user as they are now. Raises Denied, `banned` since the request began."""
    writer = User.objects.filter(pk=user_id, is_banned=False, erased_at=None).first()
    if writer is None:
        raise Denied("This account is closed.", code="banned")
    return writer
