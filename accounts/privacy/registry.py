"""Register of the data on people, for the export and for the erasure.

Each app declares its models once, in its module `privacy`. A test follows every foreign key to a
person and fails for an undeclared one, so that export and erasure are complete.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

Rows = Callable[[UUID], QuerySet[Any]]
Remove = Callable[[list[Any]], None]
Refresh = Callable[[list[Any]], None]


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """Rows about a person. `fields` maps an exported lookup to its key in the JSON.

    At an erasure the rows are deleted, unless `blank` names columns to empty, after which the row
    identifies no person and may stay. An empty `blank` leaves the row unchanged, as it refers to
    the person only by their own row, which is blanked. Where counts are stored beside rows,
    `remove` deletes rows by key and updates the counts.
    """

    name: str  # of the file in the export
    about: str  # the content and its purpose, for the reader of the export
    model: type[Model]
    owner: str  # the foreign key to the person
    fields: Mapping[str, str]
    blank: Mapping[str, Any] | None = None
    rows: Rows
    remove: Remove
    # Changes rows of the export before they are written, some at a time.
    refresh: Refresh | None = None


_register: dict[str, PersonalData] = {}


def personal_data(
    name: str,
    *,
    about: str,
    model: type[Model],
    fields: Mapping[str, str],
    owner: str = "user",
    blank: Mapping[str, Any] | None = None,
    rows: Rows | None = None,
    remove: Remove | None = None,
    refresh: Refresh | None = None,
) -> None:
    """Declare rows about a person. `rows` finds them where no foreign key leads to them."""
    manager: Any = model._default_manager

    def just_delete(keys: list[Any]) -> None:
        manager.filter(pk__in=keys).delete()

    def by_owner(user_id: UUID) -> QuerySet[Any]:
        found: QuerySet[Any] = manager.filter(**{f"{owner}_id": user_id}).order_by("pk")
        return found

    _register[name] = PersonalData(
        name=name,
        about=about,
        model=model,
        owner=owner,
        fields=fields,
        blank=blank,
        rows=rows or by_owner,
        remove=remove or just_delete,
        refresh=refresh,
    )


def personal_data_all() -> list[PersonalData]:
    """Return all declarations, lower apps first; an erasure uses the reverse order."""
    return list(_register.values())
