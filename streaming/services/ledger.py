"""The work ledger: pieces of encodes, claimed under a lease by whichever worker is free.

A worker claims the most urgent free row, renews its lease while it works and completes it by
compare-and-swap on its own lease. A worker that is killed just stops renewing; the row is free
again when the lease runs out, and what the dead worker may still write goes under a key of its
own attempt, which nobody reads.
"""

import os
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from streaming.models import Encode, EncodeState, WorkItem, WorkState

# Seconds to wait before the attempt after the nth.
BACKOFF_SECONDS = (2, 10, 30, 60, 120)
# An outage of storage uses up no attempts, but even that ends: the film is FAILED after this.
OUTAGE_LIMIT = timedelta(hours=24)
NEVER_CAME_BACK = (
    "The encoder stopped without a word {attempts} times at the same place in this film. "
    "Try again; if it happens again the file may be too heavy for the encoding machines."
)


class LeaseLost(Exception):
    """Somebody else holds this piece now, or its encode was ended: stop, write nothing."""


@dataclass(frozen=True)
class WorkFailure:
    """Why a piece of work did not come off, for the row and for the uploader."""

    code: str
    message: str
    retryable: bool = True
    # The fault is not the film's nor this worker's: it does not count as an attempt.
    outage: bool = False
    # Said when no attempt is left, in place of a message that promises another.
    final_message: str = ""


def lease_owner() -> str:
    """A name no other claim ever has: two claims by one process differ too."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"


def work_claimable(now: datetime) -> Q:
    """Condition for work that a worker may take: none of a deleted film until it is restored."""
    return Q(encode__state=EncodeState.RUNNING, encode__asset__movie__deleted_at=None) & (
        Q(state=WorkState.READY, not_before__lte=now)
        | Q(state=WorkState.RUNNING, lease_expires_at__lt=now)
    )


def work_claim(*, now: datetime) -> WorkItem | None:
    """Take the most urgent free piece, or None when there is nothing to do.

    `skip_locked` lets any number of workers claim at once without waiting for each other.
    """
    with transaction.atomic():
        item = (
            WorkItem.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(work_claimable(now))
            .order_by("priority", "created_at", "position")
            .select_related("encode__asset")
            .first()
        )
        if item is None:
            return None
        item.state = WorkState.RUNNING
        item.attempts += 1
        item.lease_owner = lease_owner()
        item.lease_expires_at = now + lease_length()
        item.started_at = now
        item.progress = 0
        item.save(
            update_fields=[
                "state",
                "attempts",
                "lease_owner",
                "lease_expires_at",
                "started_at",
                "progress",
            ]
        )
        return item


def lease_length() -> timedelta:
    return timedelta(seconds=settings.ENCODE_LEASE_SECONDS)


def work_exhausted(item: WorkItem) -> bool:
    """Claimed once too often: every attempt before this one ended without a word."""
    limit: int = settings.ENCODE_MAX_ATTEMPTS
    return item.attempts > limit


def work_renew(item: WorkItem, *, progress: float, now: datetime) -> None:
    """Keep the lease. Raises LeaseLost when it is no longer ours."""
    kept = _ours(item).update(
        lease_expires_at=now + lease_length(), progress=min(max(progress, 0.0), 1.0)
    )
    if not kept:
        raise LeaseLost(str(item))


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
        LeaseLost: the piece or its encode is no longer ours; nothing was written.
    """
    with transaction.atomic():
        encode = Encode.objects.select_for_update().get(pk=item.encode_id)
        done = _ours(item).update(
            state=WorkState.DONE,
            output=output,
            progress=1,
            cpu_seconds=F("cpu_seconds") + cpu_seconds,
            finished_at=now,
            lease_owner="",
            lease_expires_at=None,
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
        LeaseLost: somebody else holds it by now; it is theirs to fail.
    """
    with transaction.atomic():
        encode = Encode.objects.select_for_update().get(pk=item.encode_id)
        final = _is_final(item, encode, failure=failure, now=now)
        pause = BACKOFF_SECONDS[min(item.attempts, len(BACKOFF_SECONDS)) - 1]
        changed = _ours(item).update(
            state=WorkState.FAILED if final else WorkState.READY,
            attempts=item.attempts - 1 if failure.outage else item.attempts,
            last_error=failure.message[:500],
            not_before=now + timedelta(seconds=pause),
            lease_owner="",
            lease_expires_at=None,
        )
        if not changed:
            raise LeaseLost(str(item))
        if final and encode.state == EncodeState.RUNNING:
            give_up(encode, failure)


def _is_final(item: WorkItem, encode: Encode, *, failure: WorkFailure, now: datetime) -> bool:
    if not failure.retryable:
        return True
    if failure.outage:
        return now - encode.started_at > OUTAGE_LIMIT
    return not item.attempts < settings.ENCODE_MAX_ATTEMPTS


def _ours(item: WorkItem) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(
        pk=item.pk, state=WorkState.RUNNING, lease_owner=item.lease_owner
    )
