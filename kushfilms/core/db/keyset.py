"""One page of a list, found by the last row's values and never by counting rows.

What a viewer has scrolled past does not shift when films are added above it, and page 500 costs
what page 1 costs. DRF's own cursor compares only the first column and counts through ties, which
fails once a thousand films share a view count of zero.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from kushfilms.core.db.prepared import Prepared
from kushfilms.core.errors import InvalidInput

Row = TypeVar("Row")
LONGEST_CURSOR = 2000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`next` and `previous` are cursors; None at an end of the list."""

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
    """The page a cursor points at; the first one for an empty cursor.

    `ordering` must end in a unique column and hold no nullable one. `scope` names the list and
    what it was narrowed to: a cursor leads on in the list it was given out for and in no other.
    `line` makes a row of a tuple that has no names.

    Raises:
        InvalidInput: not a cursor of ours, or one of another ordering or scope.
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
    """As `keyset_page`, of the whole list at hand, which is in that order."""
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
    rows: list[Row], ordering: Sequence[str], salt: str,
    *, came_by: bool, backwards: bool, more: bool,
) -> Page[Row]:  # fmt: skip
    """`came_by` a cursor, `backwards` or not; there are `more` the same way."""
    has_next, has_previous = (bool(rows), more) if backwards else (more, came_by and bool(rows))
    return Page(
        rows=rows,
        next=_write(rows[-1], ordering, salt, backwards=False) if has_next else None,
        previous=_write(rows[0], ordering, salt, backwards=True) if has_previous else None,
    )


class KeysetList:
    """A list of plain values whose first page, which is nearly every page, is compiled once.

    `build` makes its queryset, of whole rows, of values that `stand_ins` stand for (`Prepared`).
    Rows come as named tuples of `columns`, in which an id is text: it goes into JSON, and to make
    a UUID of it and to look something up by that costs more than to read the row.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any]],
        *,
        columns: Sequence[str],
        ordering: Sequence[str],
        **stand_ins: Any,
    ) -> None:
        self._build, self._ordering = build, ordering
        self._columns = [Cast(name, TextField()) if _is_id(name) else name for name in columns]
        self._line = namedtuple("Line", columns)  # type: ignore[misc]  # named by who asks

        @lru_cache(maxsize=100)  # by how many are asked for
        def statement(count: int) -> Prepared:
            def build(**values: Any) -> QuerySet[Any, Any]:
                return self._lines(**values).order_by(*ordering)[:count]

            return Prepared(build, **stand_ins)

        self._statement = statement

    def _lines(self, **values: Any) -> QuerySet[Any, Any]:
        return self._build(**values).values_list(*self._columns)

    def page(self, *, cursor: str, limit: int, scope: str, **values: Any) -> Page[Any]:
        """As `keyset_page`."""
        if cursor:
            return keyset_page(
                self._lines(**values),
                ordering=self._ordering, cursor=cursor, limit=limit, scope=scope, line=self._line,
            )  # fmt: skip
        rows = self.first(limit + 1, **values)
        salt, more = _salt(self._ordering, scope), len(rows) > limit
        return _page(rows[:limit], self._ordering, salt, came_by=False, backwards=False, more=more)

    def first(self, count: int, **values: Any) -> list[Any]:
        """The first rows, no page."""
        return [self._line(*row) for row in self._statement(count).rows(**values)]


def _is_id(column: str) -> bool:
    return column == "id" or column.endswith("_id")


def _salt(ordering: Sequence[str], scope: str) -> str:
    return f"cursor:{','.join(ordering)}:{scope}"


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(ordering: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after `values`: (a, b) > (x, y) spelled so that each column has its own direction."""
    beyond, level = Q(), Q()
    for name, value in zip(ordering, values, strict=True):
        column = name.lstrip("-")
        comparison = "lt" if name.startswith("-") else "gt"
        beyond |= level & Q(**{f"{column}__{comparison}": value})
        level &= Q(**{column: value})
    # Implied by the above, and what lets PostgreSQL start in the middle of the index.
    first = ordering[0]
    bound = "lte" if first.startswith("-") else "gte"
    return Q(**{f"{first.lstrip('-')}__{bound}": values[0]}) & beyond


def _is_beyond(row: Any, ordering: Sequence[str], values: Sequence[Any]) -> bool:
    """`_beyond` of a row at hand, in a cursor's words: moments in UTC, ids and whole numbers sort
    there as what they stand for.
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
    """Signed, so the values inside are ours and fit their columns."""
    try:
        # Cut, so that a megabyte of cursor is as wrong as any other and no dearer.
        signed = cursor[:LONGEST_CURSOR]
        backwards, values = signing.Signer(salt=salt).unsign_object(signed)
    except signing.BadSignature as exc:
        fault = "Not a cursor of this list. Start again without it."
        raise InvalidInput(fault, fields={"cursor": [fault]}) from exc
    return backwards, values
