"""Keyset pagination: a page is found by the values of the last row, never by counting rows.

Rows that a viewer has scrolled past do not shift when films are added above, and page 500 costs as
much as page 1. DRF's own cursor compares only the first column and counts through ties, which
fails once a thousand films share a view count of zero.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import (
    DateTimeField,
    DecimalField,
    Field,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    UUIDField,
)
from django.db.models.functions import Cast

from kushfilms.core.db.prepared import Prepared
from kushfilms.core.errors import InvalidInput

Row = TypeVar("Row")
LONGEST_CURSOR = 2000
# Placeholders for the values of a cursor, by the type of their column.
STAND_INS: list[tuple[type[Any], Callable[[int], Any]]] = [
    (UUIDField, lambda number: UUID(int=0x57A4D00 + number)),
    (DateTimeField, lambda number: datetime(1, 1, 3, second=number, tzinfo=UTC)),
    (DecimalField, lambda number: Decimal(-7 - number)),
    (IntegerField, lambda number: 2_147_400_001 + number),
    (Field, lambda number: f"\x01place {number}"),
]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A page of rows; `next` and `previous` are cursors, or None at an end of the list."""

    rows: list[Row]
    next: str | None
    previous: str | None


def keyset_page(
    queryset: QuerySet[Any, Row],
    *,
    ordering: Sequence[str],
    cursor: str,
    limit: int,
    scope: str = "",
    line: Callable[..., Any] | None = None,
) -> Page[Any]:
    """Return the page a cursor points at; the first page for an empty cursor.

    `ordering` must end in a unique column and hold no nullable one. `scope` names the list and its
    filters: a cursor is valid only in the list it was issued for. `line` makes a row of a tuple.

    Raises:
        InvalidInput: not our cursor, or one of another ordering or scope.
    """
    salt = _salt(ordering, scope)
    backwards, values = _read(cursor, salt) if cursor else (False, None)
    sought = [_flip(name) for name in ordering] if backwards else list(ordering)
    if values is not None:
        queryset = queryset.filter(_beyond(sought, values))
    found: list[Any] = list(queryset.order_by(*sought)[: limit + 1])
    rows = [line(*row) for row in found] if line else found
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()
    return _page(rows, ordering, salt, came_by=bool(cursor), backwards=backwards, more=more)


def keyset_slice(
    rows: Sequence[Row], *, ordering: Sequence[str], cursor: str, limit: int, scope: str = ""
) -> Page[Row]:
    """Return a page of a complete list in memory that is in the order `ordering`."""
    salt = _salt(ordering, scope)
    backwards, values = _read(cursor, salt) if cursor else (False, None)
    rest = list(rows)
    if values is not None:
        sought = [_flip(name) for name in ordering] if backwards else ordering
        rest = [row for row in rows if _is_beyond(row, sought, values)]
    more = len(rest) > limit
    page = rest[-limit:] if backwards else rest[:limit]
    return _page(page, ordering, salt, came_by=bool(cursor), backwards=backwards, more=more)


def _page(
    rows: list[Row],
    ordering: Sequence[str],
    salt: str,
    *,
    came_by: bool,
    backwards: bool,
    more: bool,
) -> Page[Row]:
    """Return the page that was read `backwards` or not, with `more` rows in that direction."""
    has_next, has_previous = (bool(rows), more) if backwards else (more, came_by and bool(rows))
    return Page(
        rows=rows,
        next=_write(rows[-1], ordering, salt, backwards=False) if has_next else None,
        previous=_write(rows[0], ordering, salt, backwards=True) if has_previous else None,
    )


def keyset_lines(
    queryset: QuerySet[Any, Any], *, ordering: Sequence[str], **position: Any
) -> Page[Any]:
    """Return a page of the ids, as text, and of what the ordering names (see `keyset_page`)."""
    columns = [name.lstrip("-") for name in ordering]
    line = namedtuple("Line", columns)  # type: ignore[misc]  # columns vary by ordering
    lines = queryset.values_list(*_as_json(columns))
    return keyset_page(lines, ordering=ordering, line=line, **position)


def _as_json(columns: Sequence[str]) -> list[Any]:
    """Return what to select for columns whose ids are needed as text."""
    return [
        Cast(name, TextField()) if name == "id" or name.endswith("_id") else name
        for name in columns
    ]


class KeysetList:
    """A list of plain values whose statements are compiled once: the first page, and those beyond.

    `build` returns its queryset for given values, of which `stand_ins` are placeholders
    (`Prepared`). Rows are named tuples of `columns`, in which an id is text: it goes into JSON, and
    parsing a UUID costs more than reading the row.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any]],
        *,
        columns: Sequence[str],
        ordering: Sequence[str],
        **stand_ins: Any,
    ) -> None:
        self._build = build
        self._ordering = ordering
        self._columns = _as_json(columns)
        self._line = namedtuple("Line", columns)  # type: ignore[misc]  # columns vary by list

        @lru_cache(maxsize=100)  # by page length
        def statement(count: int) -> Prepared:
            def build(**values: Any) -> QuerySet[Any, Any]:
                return self._lines(**values).order_by(*ordering)[:count]

            return Prepared(build, **stand_ins)

        self._statement = statement

        @lru_cache(maxsize=100)
        def statement_beyond(count: int, *, backwards: bool) -> Prepared:
            places = self._places(build(**stand_ins))
            sought = [_flip(name) for name in ordering] if backwards else ordering

            def lines_beyond(**values: Any) -> QuerySet[Any, Any]:
                there = [values.pop(name) for name in places]
                lines = self._lines(**values).filter(_beyond(sought, there))
                return lines.order_by(*sought)[:count]

            return Prepared(lines_beyond, **stand_ins, **places)

        self._statement_beyond = statement_beyond

    def _places(self, rows: QuerySet[Any]) -> dict[str, Any]:
        """Return a placeholder for each value of a cursor, of its column's type."""
        self._fields = [
            rows.query.annotations[name].output_field
            if name in rows.query.annotations
            else rows.model._meta.get_field(name)
            for name in (column.lstrip("-") for column in self._ordering)
        ]
        return {
            f"place_{number}": next(
                stand_in(number) for kind, stand_in in STAND_INS if isinstance(field, kind)
            )
            for number, field in enumerate(self._fields)
        }

    def _lines(self, **values: Any) -> QuerySet[Any, Any]:
        return self._build(**values).values_list(*self._columns)

    def page(self, *, cursor: str, limit: int, scope: str, **values: Any) -> Page[Any]:
        """Return the page a cursor points at (see `keyset_page`)."""
        if not cursor:
            return self._first_page(self.first(limit + 1, **values), limit=limit, scope=scope)
        salt = _salt(self._ordering, scope)
        backwards, plain = _read(cursor, salt)
        statement = self._statement_beyond(limit + 1, backwards=backwards)
        for number, (field, value) in enumerate(zip(self._fields, plain, strict=True)):
            values[f"place_{number}"] = field.to_python(value)
        rows = [self._line(*row) for row in statement.rows(**values)]
        more, rows = len(rows) > limit, rows[:limit]
        if backwards:
            rows.reverse()
        return _page(rows, self._ordering, salt, came_by=True, backwards=backwards, more=more)

    def pages_by_id(
        self, name: str, ids: Sequence[UUID], *, limit: int, scope: str
    ) -> list[Page[Any]]:
        """Return the first page for each of many ids as the value `name`, in one query."""
        lists = self._statement(limit + 1).rows_by_id(name, ids)
        return [
            self._first_page([self._line(*row) for row in rows], limit=limit, scope=scope)
            for rows in lists
        ]

    def _first_page(self, rows: list[Any], *, limit: int, scope: str) -> Page[Any]:
        salt = _salt(self._ordering, scope)
        more = len(rows) > limit
        return _page(rows[:limit], self._ordering, salt, came_by=False, backwards=False, more=more)

    def first(self, count: int, **values: Any) -> list[Any]:
        """Return the first rows of the list."""
        return [self._line(*row) for row in self._statement(count).rows(**values)]


def _salt(ordering: Sequence[str], scope: str) -> str:
    return f"cursor:{','.join(ordering)}:{scope}"


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(ordering: Sequence[str], values: Sequence[Any]) -> Q:
    """Return the condition (a, b) > (x, y), written so that each column has its own direction."""
    beyond = Q()
    level = Q()
    for name, value in zip(ordering, values, strict=True):
        column = name.lstrip("-")
        comparison = "lt" if name.startswith("-") else "gt"
        beyond |= level & Q(**{f"{column}__{comparison}": value})
        level &= Q(**{column: value})
    # Implied by the condition above; it lets PostgreSQL start in the middle of the index.
    first = ordering[0]
    bound = "lte" if first.startswith("-") else "gte"
    return Q(**{f"{first.lstrip('-')}__{bound}": values[0]}) & beyond


def _is_beyond(row: Any, ordering: Sequence[str], values: Sequence[Any]) -> bool:
    """Return whether a row in memory is after `values`.

    Compared in a cursor's plain form, in which UTC datetimes, ids and whole numbers keep their
    order.
    """
    for name, value in zip(ordering, values, strict=True):
        own = _plain(getattr(row, name.lstrip("-")))
        if own != value:
            return bool((own < value) == name.startswith("-"))
    return False


def _write(row: Any, ordering: Sequence[str], salt: str, *, backwards: bool) -> str:
    values = [_plain(getattr(row, name.lstrip("-"))) for name in ordering]
    return signing.Signer(salt=salt).sign_object([backwards, values], compress=False)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _read(cursor: str, salt: str) -> tuple[bool, list[Any]]:
    """Return direction and values of a cursor; signed, so the values fit their columns."""
    try:
        # Cut, so that a cursor of a megabyte costs no more than any other invalid one.
        signed = cursor[:LONGEST_CURSOR]
        backwards, values = signing.Signer(salt=salt).unsign_object(signed)
    except signing.BadSignature as exc:
        fault = "This cursor does not belong to this list. Start again without it."
        raise InvalidInput(fault, fields={"cursor": [fault]}) from exc
    return backwards, values
