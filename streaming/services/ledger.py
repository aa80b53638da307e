"""The work ledger: pieces of encodes, each done by one worker under a lease (`core.leases`).

A worker claims the most urgent free piece, renews its lease while it works, and completes it by
compare-and-swap on that lease. A killed worker may still write to storage after its lease ran
out: those objects lie under keys of its own attempt, which no later step reads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from kushfilms.core.leases import LeaseLost, Leases
from streaming.models import Encode, EncodeState, WorkItem, WorkState

# Seconds before the second attempt, the third, and so on.
BACKOFF_SECONDS = (2, 10, 30, 60, 120)
# An outage of storage uses up no attempts, but an encode that meets outages for a day fails.
OUTAGE_LIMIT = timedelta(hours=24)
WORKER_DIED_MESSAGE = (
    "The encoder crashed {attempts} times at the same place in this film. "
    "Try again; if it happens again the file may be too heavy for the encoding machines."
)


def lease_length() -> timedelta:
    return timedelta(seconds=settings.ENCODE_LEASE_SECONDS)


LEASES = Leases(
    WorkItem, free=WorkState.READY, length=lease_length, backoff_seconds=BACKOFF_SECONDS
)


@dataclass(frozen=True)
class WorkFailure:
    """The reason a piece of work failed, for the row and for the uploader."""

    code: str
    message: str
    retryable: bool = True
    # Neither the film nor this worker is at fault: the failure does not count as an attempt.
    outage: bool = False
    # The text when no attempt is left, in place of a message that promises another.
    final_message: str = ""


def work_claimable(now: datetime) -> Q:
    """Return the condition for pieces a worker may take; a deleted film's wait for its return."""
    running = Q(encode__state=EncodeState.RUNNING, encode__asset__movie__deleted_at=None)
    return running & LEASES.claimable(now)


def work_claim(*, now: datetime) -> WorkItem | None:
    """Take the most urgent free piece, or return None when there is nothing to do."""
    free = WorkItem.objects.filter(work_claimable(now)).select_related("encode__asset")
    urgent_first = free.order_by("priority", "created_at", "position")
    return LEASES.claim(urgent_first, now=now, started_at=now, progress=0)


def work_exhausted(item: WorkItem) -> bool:
    """Return True for a claim beyond the limit: no attempt before it reported a failure."""
    limit: int = settings.ENCODE_MAX_ATTEMPTS
    return item.attempts > limit


def work_renew(item: WorkItem, *, progress: float, now: datetime) -> None:
    """Extend the lease. Raises LeaseLost."""
    LEASES.renew(item, now=now, progress=min(max(progress, 0.0), 1.0))


def work_complete(
    item: WorkItem,
    *,
    output: dict[str, Any],
    cpu_seconds: float,
    now: datetime,
    then: Callable[[Encode], None],
) -> None:
    """Write the result and, in the same transaction, whatever follows from it.

    `then` runs with the encode's row locked, so the steps of one encode never interleave.

    Raises:
        LeaseLost: another worker holds the piece or its encode has ended; nothing was written.
    """
    with transaction.atomic():
        encode = Encode.objects.select_for_update().get(pk=item.encode_id)
        done = LEASES.release(
            item,
            state=WorkState.DONE,
            output=output,
            progress=1,
            cpu_seconds=F("cpu_seconds") + cpu_seconds,
            finished_at=now,
            last_error="",
        )
        if not done or encode.state != EncodeState.RUNNING:
            raise LeaseLost(str(item))
        then(encode)


def work_fail(
    item: WorkItem,
    *,
    failure: WorkFailure,
    now: datetime,
    give_up: Callable[[Encode, WorkFailure], None],
) -> None:
    """Put the piece back for a later attempt, or give the encode up.

    Raises:
        LeaseLost: another worker holds the piece by now, and only that one may fail it.
    """
    with transaction.atomic():
        encode = Encode.objects.select_for_update().get(pk=item.encode_id)
        if failure.outage:
            exhausted = now - encode.started_at > OUTAGE_LIMIT
        else:
            exhausted = item.attempts >= settings.ENCODE_MAX_ATTEMPTS
        final = exhausted or not failure.retryable
        changed = LEASES.release(
            item,
            state=WorkState.FAILED if final else WorkState.READY,
            attempts=item.attempts - 1 if failure.outage else item.attempts,
            last_error=failure.message[:500],
            not_before=LEASES.retry_at(item, now=now),
        )
        if not changed:
            raise LeaseLost(str(item))
        if final and encode.state == EncodeState.RUNNING:
            give_up(encode, failure)
