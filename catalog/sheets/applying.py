"""A checked sheet, written: all of it or nothing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from catalog.services.film_edits import movie_add, movie_update
from catalog.sheets.checking import Fault, Plan, sheet_check
from catalog.sheets.columns import COLUMNS
from catalog.sheets.reading import Row
from kushfilms.core.errors import KushError


def sheet_apply(rows: Sequence[Row], *, now: datetime) -> Plan:
    """Check, and where there is no fault write every row by the services. The plan says what was
    done; with faults in it nothing was.
    """
    plan = sheet_check(rows, now=now)
    if plan.faults:
        return plan
    with transaction.atomic():
        for step in plan.steps:
            try:
                if step.movie is None:
                    movie_add(changes=step.changes)
                else:
                    movie_update(step.movie, changes=step.changes)
            except KushError as exc:  # what changed since the check, or hangs on other rows
                plan.faults += _faults(step.row, exc)
        if plan.faults:
            transaction.set_rollback(True)
    return plan


def _faults(row: int, exc: KushError) -> list[Fault]:
    fields = exc.extras.get("fields") or {"title": [exc.message]}
    return [
        Fault(row, name if name in COLUMNS else "title", " ".join(faults))
        for name, faults in fields.items()
    ]
