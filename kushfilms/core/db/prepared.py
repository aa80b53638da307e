"""Querysets compiled once, in Python and in the database.

For frequent queries, compiling and planning often costs more than running.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

# Placeholder values that no real request can contain.
STAND_IN_ID = UUID(int=0x57A4D)
STAND_IN_AUDIENCE = {"now": datetime(1, 1, 2, 3, 4, 5, tzinfo=UTC), "country": "\x01country"}


class Prepared:
    """The query of `build` for placeholder values, run with real values in their places.

    Every placeholder must be a value that nothing else in the query has, and must reach the query
    unchanged, or as a member of a list.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **stand_ins: Any) -> None:
        self._build = build
        self._stand_ins = stand_ins
        self._statement = ""
        self._parameters: list[Any] = []

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        self._compile()
        return self._fetch(self._statement, values)

    def rows_by_id(
        self, name: str, ids: Sequence[UUID], **values: Any
    ) -> list[list[tuple[Any, ...]]]:
        """Return the rows for each of many ids as the value `name`, in one query."""
        self._compile()
        number = self._parameters.index(self._stand_ins[name]) + 1
        one = re.sub(rf"\${number}\b", "asked.id", self._statement)
        statement = (
            f"SELECT asked.place, found.* FROM unnest(${number}::uuid[]) WITH ORDINALITY"  # noqa: S608  no values
            f" AS asked(id, place), LATERAL ({one}) AS found"
        )
        rows: list[list[tuple[Any, ...]]] = [[] for _ in ids]
        for place, *row in self._fetch(statement, {**values, name: list(ids)}):
            rows[place - 1].append(tuple(row))
        return rows

    def _compile(self) -> None:
        if not self._statement:
            query = self._build(**self._stand_ins).query
            statement, self._parameters = _numbered(*query.sql_with_params())
            self._statement = statement  # last, as another thread may read it at any moment

    def _fetch(self, statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        places = {_key(self._stand_ins[name]): value for name, value in values.items()}
        with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]  # our engine's
            cursor.execute(statement, [_filled(given, places) for given in self._parameters])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows


class PreparedObjects(Prepared):
    """A `Prepared` query for model objects, with those of `select_related`.

    The objects are made as Django's `ModelIterable` makes them. A field that its database function
    does not return as it is, such as a JSONField, must be deferred; prefetching is not supported.
    """

    def objects(self, **values: Any) -> list[Any]:
        rows = self.rows(**values)
        model, names, columns, populators = self._shape
        found = []
        for row in rows:
            made = model.from_db(connection.alias, names, row[columns])
            for populator in populators:
                populator.populate(row, made)
            found.append(made)
        return found

    @cached_property
    def _shape(self) -> tuple[Any, list[str], slice, list[Any]]:
        """Return the model, its fields and their columns, and the makers of related objects."""
        compiler: Any = self._build(**self._stand_ins).query.get_compiler(connection=connection)
        compiler.as_sql()  # fills `select` and `klass_info`
        fields = compiler.klass_info["select_fields"]
        columns = slice(fields[0], fields[-1] + 1)
        names = [column[0].target.attname for column in compiler.select[columns]]
        populators = get_related_populators(  # type: ignore[call-arg]  # stub of a newer Django
            compiler.klass_info, compiler.select, connection.alias
        )
        return compiler.klass_info["model"], names, columns, populators


def _numbered(sql: str, parameters: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return the SQL with `$1` and so on for `%s`, and each distinct value once.

    Django repeats the time and the country in every condition, and each parameter costs the client
    time.
    """
    distinct: list[Any] = []
    numbers: dict[tuple[type, str], int] = {}
    coming = iter(parameters)

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        value = next(coming)
        key = (type(value), repr(value))
        if key not in numbers:
            distinct.append(value)
            numbers[key] = len(distinct)
        return f"${numbers[key]}"

    return re.sub("%[s%]", place, sql), distinct


def _key(value: Any) -> tuple[type, Any]:
    """Return a dictionary key that includes the type, as 1 equals True.

    Django wraps a number in the type of its column.
    """
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return int if is_number else type(value), value


def _filled(given: Any, places: Mapping[tuple[type, Any], Any]) -> Any:
    if isinstance(given, list):
        return [_filled(member, places) for member in given]
    try:
        return places.get(_key(given), given)
    except TypeError:  # not hashable, so not a placeholder
        return given
