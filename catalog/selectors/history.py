"""Reads of watch history."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from catalog.models import Movie, WatchHistory
from catalog.selectors.lists import with_cards
from kushfilms.core.db.keyset import KeysetList, Page
from kushfilms.core.db.prepared import STAND_IN_ID, Prepared

HISTORY_LATEST = ("-watched_at", "-id")


def history_of(user_id: UUID) -> QuerySet[WatchHistory]:
    """Return a viewer's history of films that are still published."""
    rows = WatchHistory.objects.filter(user_id=user_id)
    return with_cards(rows, "progress", "completed", "watched_at")


HISTORY = KeysetList(
    history_of,
    columns=("id", "movie_id", "progress", "completed", "watched_at"),
    ordering=HISTORY_LATEST,
    user_id=STAND_IN_ID,
)


def histories_begin(user_ids: Sequence[UUID], *, limit: int, scope: str) -> list[Page[Any]]:
    """Return the first page of each viewer's history, in one query."""
    return HISTORY.pages_by_id("user_id", user_ids, limit=limit, scope=scope)


def history_position(user_id: UUID, movie: Movie) -> int:
    """Return where this viewer stopped, in seconds; 0 at the start and after the end."""
    rows = _POSITION.rows(user_id=user_id, movie_id=movie.pk)
    return int(rows[0][0]) if rows else 0


_POSITION = Prepared(
    lambda **row: WatchHistory.objects.filter(**row, completed=False).values_list("progress"),
    user_id=STAND_IN_ID,
    movie_id=UUID(int=STAND_IN_ID.int + 1),
)
