"""Steps that edits of films, series, people and categories share."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import CharField, Model, TextField

from kushfilms.core.errors import InvalidInput, NotFound
from kushfilms.core.text import line_clean, text_clean

Row = TypeVar("Row", bound=Model)
Changes = Mapping[str, Any]
MOST_IN_A_LIST = 50


def row_lock(row: Row, *, what: str) -> Row:
    """Return the row as it is now, locked. Raises NotFound when it was deleted."""
    found = type(row)._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise NotFound(f"There is no such {what}.")
    return found


def pair_lock(first: Row, second: Row, *, what: str) -> tuple[Row, Row]:
    """Return both rows as they are now, locked in one order.

    Merges of A into B and of B into A at the same time then do not wait for each other. Raises
    NotFound when one of them was deleted.
    """
    locked = {row.pk: row_lock(row, what=what) for row in in_order(first, second)}
    return locked[first.pk], locked[second.pk]


def in_order(*rows: Row) -> list[Row]:
    return sorted(rows, key=lambda row: str(row.pk))


def row_apply(row: Model, changes: Changes, *, allowed: frozenset[str]) -> dict[str, Any]:
    """Set the fields that differ; return their old values.

    Raises LookupError for a field that is not `allowed`: a bug of the caller.
    """
    if strange := changes.keys() - allowed:
        raise LookupError(f"{sorted(strange)} cannot be changed here")
    old = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    return {name: before for name, before in old.items() if before != changes[name]}


def row_check(row: Model, *, exclude: Iterable[str] = ()) -> None:
    """Clean the row's texts and validate its fields. Raises InvalidInput, by field."""
    # No form or serializer has cleaned the texts of an import or a command.
    for field in row._meta.concrete_fields:
        if isinstance(field, CharField | TextField) and not field.choices:
            clean = text_clean if isinstance(field, TextField) else line_clean
            setattr(row, field.attname, clean(str(getattr(row, field.attname))))
    try:
        row.full_clean(exclude=exclude, validate_constraints=False)
    except ValidationError as exc:
        raise InvalidInput("Check the marked fields.", fields=exc.message_dict) from exc


def now_of(row: Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def names_clean(texts: Iterable[str], *, field: str, longest: int) -> list[str]:
    """Return names or genres without blanks and duplicates, in order. Raises InvalidInput."""
    found = list(dict.fromkeys(line_clean(str(text)) for text in texts))
    found = [text for text in found if text]
    if len(found) > MOST_IN_A_LIST:
        raise _fault(field, f"At most {MOST_IN_A_LIST}.")
    for text in found:
        if len(text) > longest:
            raise _fault(field, f"“{text[:20]}…” is longer than {longest} characters.")
    return found


def countries_clean(codes: Iterable[str], *, field: str) -> list[str]:
    """Return ISO 3166 alpha-2 codes in capitals. Raises InvalidInput."""
    found = list(dict.fromkeys(str(code).strip().upper() for code in codes if str(code).strip()))
    for code in found:
        if not (len(code) == 2 and code.isascii() and code.isalpha()):
            raise _fault(
                field, f"“{code[:20]}” is not a country code. Use two letters each, such as UG, KE."
            )
    return found


def _fault(field: str, fault: str) -> InvalidInput:
    return InvalidInput("Check the marked fields.", fields={field: [fault]})
