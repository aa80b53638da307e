"""Querysets compiled once, here and in the database: to write and to plan a query often costs more
than to run it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

# Nobody's, and such as nobody could ask with.
STAND_IN_ID = UUID(int=0x57A4D)
STAND_IN_AUDIENCE = {"now": datetime(1, 1, 2, 3, 4, 5, tzinfo=UTC), "country": "\x01country"}


class Prepared:
    """What `build` makes of stand-ins, run with the real values in their places.

    Every stand-in must be a value that nothing else in the query has, and reach the query as it
    is, or as a member of a list.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **stand_ins: Any) -> None:
        self._build, self._stand_ins = build, stand_ins
        self._sql = ""
        self._parameters: tuple[Any, ...] = ()

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        if not self._sql:
            query = self._build(**self._stand_ins).query
            sql, self._parameters = query.sql_with_params()
            self._sql = sql  # last: another thread may look meanwhile
        places = {_key(self._stand_ins[name]): value for name, value in values.items()}
        with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]  # our engine's
            cursor.execute(self._sql, [_filled(given, places) for given in self._parameters])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows


def _key(value: Any) -> tuple[type, Any]:
    """By type, too: 1 is not True."""
    return type(value), value


def _filled(given: Any, places: Mapping[tuple[type, Any], Any]) -> Any:
    if isinstance(given, list):
        return [_filled(member, places) for member in given]
    try:
        return places.get(_key(given), given)
    except TypeError:  # not hashable: not a stand-in
        return given
