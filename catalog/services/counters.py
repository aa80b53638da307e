"""Counts that stand beside the rows they count, and are exact.

Whoever changes what counts holds the counted thing's row first, and only then the rows: in this
one order nobody waits for somebody who waits for them.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, Model, QuerySet

from accounts.models import User
from catalog.models import Movie
from kushfilms.core.errors import Denied, NotFound


def key_lock(rows: QuerySet[Any]) -> bool:
    """Hold the one row, if it is there. Without its key: others may go on pointing at it."""
    return bool(rows.order_by().select_for_update(no_key=True).values_list("pk").first())


def keys_lock(model: type[Model], ids: Iterable[UUID]) -> None:
    """Hold several, in the order everybody takes."""
    rows = model._default_manager.filter(pk__in=set(ids)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def movie_lock(movie_id: UUID, *, public: bool = False) -> None:
    """Raises NotFound."""
    films = Movie.objects.filter(pk=movie_id)
    if not key_lock(films.filter(published=True) if public else films):
        raise NotFound("There is no such film.")


def count_add(rows: QuerySet[Any], column: str, change: int) -> None:
    rows.update(**{column: F(column) + change})


def writer_get(user_id: UUID) -> User:
    """Who writes, as they are now. Raises Denied, `banned` meanwhile."""
    writer = User.objects.filter(pk=user_id, is_banned=False, erased_at=None).first()
    if writer is None:
        raise Denied("This account is closed.", code="banned")
    return writer
