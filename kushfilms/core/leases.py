"""Leases on the rows of a work ledger: claim, renew, release, and the pause before a retry.

Two tables hold work under leases, background jobs (`core.jobs`) and pieces of encodes
(`streaming.services.ledger`); each has its own rules for giving up. A worker claims a free row,
renews its lease while it works, and ends it with an update that matches only while the row is
still its own. A worker that is killed stops renewing, and the row is free again when the lease
runs out.
"""

import os
import socket
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import models, transaction
from django.db.models import Q, QuerySet

RUNNING = "RUNNING"
# A sweep counts free rows only up to here: more wake-up messages would wait in the broker.
MOST_WAKES = 16


class LeaseLost(Exception):
    """Another worker holds this row now, or its work was ended: stop, and write nothing."""


class LeasedModel(models.Model):
    """The columns that a table under leases must define; this class adds none."""

    state: "models.CharField[Any, str]"
    attempts: "models.IntegerField[Any, int]"
    lease_owner: "models.CharField[Any, str]"
    lease_expires_at: "models.DateTimeField[Any, datetime | None]"

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=LeasedModel)


@dataclass(frozen=True)
class Leases(Generic[Row]):
    """The leases of one table.

    `free` is the value of `state` for a row that waits; a row under a lease is `RUNNING`.
    `backoff_seconds` are the pauses after the first, second, … attempt; the last one repeats.
    """

    model: type[Row]
    free: str
    length: Callable[[], timedelta]
    backoff_seconds: Sequence[int]

    def claimable(self, now: datetime) -> Q:
        """Return the condition for rows that wait and are due, or whose lease ran out."""
        return Q(state=self.free, not_before__lte=now) | Q(state=RUNNING, lease_expires_at__lt=now)

    def claim(self, candidates: QuerySet[Row], *, now: datetime, **changes: Any) -> Row | None:
        """Take the first of `candidates` under a lease, or return None when none is free.

        `skip_locked` lets any number of workers claim at once without waiting for each other.
        """
        with transaction.atomic():
            row = candidates.select_for_update(skip_locked=True, of=("self",)).first()
            if row is None:
                return None
            changes |= {
                "state": RUNNING,
                "attempts": row.attempts + 1,
                # No two claims share an owner, not even two claims of one process.
                "lease_owner": f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:12]}",
                "lease_expires_at": now + self.length(),
            }
            for name, value in changes.items():
                setattr(row, name, value)
            row.save(update_fields=list(changes))
            return row

    def renew(self, row: Row, *, now: datetime, **changes: Any) -> None:
        """Extend the lease and write `changes`. Raises LeaseLost."""
        if not self._held(row).update(lease_expires_at=now + self.length(), **changes):
            raise LeaseLost(str(row))

    def release(self, row: Row, *, state: str, **changes: Any) -> bool:
        """End the lease with a new state; return False when the row is no longer the caller's."""
        changed = self._held(row).update(
            state=state, lease_owner="", lease_expires_at=None, **changes
        )
        return bool(changed)

    def retry_at(self, row: Row, *, now: datetime) -> datetime:
        """Return when the attempt after this one may begin."""
        pause = self.backoff_seconds[min(row.attempts, len(self.backoff_seconds)) - 1]
        return now + timedelta(seconds=pause)

    def _held(self, row: Row) -> QuerySet[Row]:
        return self.model._default_manager.filter(
            pk=row.pk, state=RUNNING, lease_owner=row.lease_owner
        )
