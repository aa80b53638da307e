"""One page of a list, found by the last row's values and never by counting rows.

What a viewer has scrolled past does not shift when films are added above it, and page 500 costs
what page 1 costs. DRF's own cursor compares only the first column and counts through ties, which
fails once a thousand films share a view count of zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet

from kushfilms.core.errors import InvalidInput

Row = TypeVar("Row", bound=Model)
LONGEST_CURSOR = 2000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`next` and `previous` are cursors; None at an end of the list."""

    rows: list[Row]
    next: str | None
    previous: str | None


def keyset_page(
    queryset: QuerySet[Row], *, ordering: Sequence[str], cursor: str, limit: int, scope: str = ""
) -> Page[Row]:
    """The page a cursor points at; the first one for an empty cursor.

    `ordering` must end in a unique column and hold no nullable one. `scope` names the list and
    what it was narrowed to: a cursor leads on in the list it was given out for and in no other.

    Raises:
        InvalidInput: not a cursor of ours, or one of another ordering or scope.
    """
    salt = _salt(ordering, scope)
    backwards, values = _read(cursor, salt) if cursor else (False, None)
    sought = [_flip(name) for name in ordering] if backwards else list(ordering)
    if values is not None:
        queryset = queryset.filter(_beyond(sought, values))
    rows = list(queryset.order_by(*sought)[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()
    has_next, has_previous = (bool(rows), more) if backwards else (more, bool(cursor and rows))
    return Page(
        rows=rows,
        next=_write(rows[-1], ordering, salt, backwards=False) if has_next else None,
        previous=_write(rows[0], ordering, salt, backwards=True) if has_previous else None,
    )


def cursor_after(row: Any, *, ordering: Sequence[str], scope: str) -> str:
    """The cursor of the page after a row, for a first page that was read by other means."""
    return _write(row, ordering, _salt(ordering, scope), backwards=False)


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
