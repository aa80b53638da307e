"""What the service holds on people: one register, for the export and for the erasure.

Each app declares its models here once (its `held_data.py`). A test walks every foreign key to a
person and fails for one that nobody declared, so nothing can be forgotten in either.
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
class HeldData:
    """Rows about a person. `fields` maps what is exported (a lookup) to its key in the JSON.

    At an erasure the rows are deleted, unless `blank` says which columns are emptied so that the
    rest, which tells nothing of anyone any more, may stay; an empty `blank` leaves the row as it
    is, because it speaks of the person only through their own row, which is blanked. Where a count
    stands beside rows, `remove` takes rows of these keys away and counts anew.
    """

    name: str  # of the file in the export
    about: str  # what it is and why we have it, for whoever reads the export
    model: type[Model]
    owner: str  # the foreign key to the person
    fields: Mapping[str, str]
    blank: Mapping[str, Any] | None = None
    rows: Rows
    remove: Remove
    # Changes rows of the export before they are written, some at a time.
    refresh: Refresh | None = None


_register: dict[str, HeldData] = {}


def held_data(
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
    """Declare rows about a person. `rows` finds them where there is no foreign key to follow."""
    manager: Any = model._default_manager

    def just_delete(keys: list[Any]) -> None:
        manager.filter(pk__in=keys).delete()

    def by_owner(user_id: UUID) -> QuerySet[Any]:
        found: QuerySet[Any] = manager.filter(**{f"{owner}_id": user_id}).order_by("pk")
        return found

    _register[name] = HeldData(
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


def everything_held() -> list[HeldData]:
    """Lower apps first; an erasure goes the other way."""
    return list(_register.values())
