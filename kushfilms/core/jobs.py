"""Background jobs: rows with leases, run by the next free worker.

An app registers a handler for each kind of job, and enqueues rows inside its own transactions: a
job exists if and only if the change that needs it does. The lease of a worker that dies runs out,
and the job runs again from its payload, so a handler must be safe to run twice.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from kushfilms.core.celery_wake import wake
from kushfilms.core.leases import MOST_WAKES, LeaseLost, Leases
from kushfilms.core.models import Job, JobLane, JobState

logger = logging.getLogger(__name__)

Payload = dict[str, Any]
# Seconds before the next attempt; the last value repeats.
BACKOFF_SECONDS = (5, 30, 120, 300, 600)
# Long enough for an hour without a mail server or a night without storage.
PATIENCE = timedelta(days=3)
LEASE = timedelta(minutes=2)
KEPT_WHEN_OVER = timedelta(days=7)

LEASES = Leases(Job, free=JobState.WAITING, length=lambda: LEASE, backoff_seconds=BACKOFF_SECONDS)


class GiveUp(Exception):
    """Raised by a handler when another attempt would not help; the message is for staff."""


@dataclass(frozen=True)
class Running:
    """A running job, as its handler sees it."""

    row: Job

    @property
    def payload(self) -> Payload:
        payload: Payload = self.row.payload
        return payload

    def checkpoint(self, **changes: Any) -> None:
        """Renew the lease, and save the progress in the payload. Raises LeaseLost."""
        self.row.payload = {**self.row.payload, **changes}
        LEASES.renew(self.row, now=timezone.now(), payload=self.row.payload)


Handler = Callable[[Running], None]


@dataclass(frozen=True)
class Kind:
    handler: Handler
    lane: JobLane
    # Called when the last attempt has failed, in the transaction that marks the job as failed.
    given_up: Callable[[Payload], None] | None


_kinds: dict[str, Kind] = {}


def job_kind(
    name: str, *, lane: JobLane = JobLane.QUICK, given_up: Callable[[Payload], None] | None = None
) -> Callable[[Handler], Handler]:
    """Register the decorated function for jobs of this name. It runs outside any transaction."""

    def register(handler: Handler) -> Handler:
        _kinds[name] = Kind(handler, lane, given_up)
        return handler

    return register


def job_enqueue(
    kind: str, payload: Payload, *, key: str = "", not_before: datetime | None = None
) -> None:
    """Enqueue a job, to run once the caller's transaction is committed. Raises LookupError."""
    lane = _kinds[kind].lane
    job = Job(kind=kind, lane=lane, key=key, payload=payload)
    job.due_at = job.not_before = not_before or timezone.now()
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        if not key:
            raise
        return  # a job with this key waits already
    if not_before is None:
        transaction.on_commit(lambda: jobs_wake(lane))


def jobs_enqueue(kind: str, payloads: Sequence[Payload]) -> None:
    """Enqueue many jobs in one statement and without keys. Raises LookupError."""
    lane = _kinds[kind].lane
    Job.objects.bulk_create(Job(kind=kind, lane=lane, payload=payload) for payload in payloads)
    if count := min(len(payloads), MOST_WAKES):
        transaction.on_commit(lambda: jobs_wake(lane, count=count))


def job_cancel(kind: str, *, key: str) -> None:
    """Delete the waiting jobs of this key; a running job continues."""
    Job.objects.filter(kind=kind, key=key, state=JobState.WAITING).delete()


def job_retry(row: Job, *, now: datetime) -> bool:
    """Run a failed job again with full patience; return False if it waits or has not failed."""
    failed = Job.objects.filter(pk=row.pk, state=JobState.FAILED)
    again = {"due_at": now, "not_before": now, "attempts": 0, "finished_at": None}
    try:
        with transaction.atomic():
            changed = failed.update(state=JobState.WAITING, **again)
    except IntegrityError:  # a job with this key waits already
        return False
    if changed:
        transaction.on_commit(lambda: jobs_wake(JobLane(row.lane)))
    return bool(changed)


def jobs_wake(lane: JobLane, *, count: int = 1) -> None:
    wake("kushfilms.core.tasks.work_jobs", lane, count=count, queue=queue_of(lane))


def queue_of(lane: JobLane) -> str:
    return "long" if lane == JobLane.LONG else "default"


def jobs_due(now: datetime) -> QuerySet[Job]:
    return Job.objects.filter(LEASES.claimable(now))


def job_run_next(lane: JobLane) -> bool:
    """Run the job that has been due longest; return False if no job is due."""
    now = timezone.now()
    row = LEASES.claim(jobs_due(now).filter(lane=lane).order_by("not_before"), now=now)
    if row is None:
        return False
    kind = _kinds.get(row.kind)
    try:
        if kind is None:
            raise GiveUp(f"No handler for {row.kind}.")  # noqa: TRY301
        kind.handler(Running(row))
    except LeaseLost:
        return True
    except Exception as exc:  # noqa: BLE001  the row keeps any error, and the job is tried again
        _fail(row, exc, now=timezone.now())
    else:
        _finish(row, state=JobState.DONE, error="", now=timezone.now())
    return True


def _fail(row: Job, exc: Exception, *, now: datetime) -> None:
    logger.warning("job %s failed", row, exc_info=exc)
    error = f"{type(exc).__name__}: {exc}"[:500]
    if isinstance(exc, GiveUp) or now - row.due_at > PATIENCE:
        kind = _kinds.get(row.kind)
        with transaction.atomic():
            is_ours = _finish(row, state=JobState.FAILED, error=error, now=now)
            if is_ours and kind and kind.given_up:
                kind.given_up(row.payload)
        return
    retry_at = LEASES.retry_at(row, now=now)
    try:
        with transaction.atomic():
            LEASES.release(row, state=JobState.WAITING, last_error=error, not_before=retry_at)
    except IntegrityError:  # a job with this key was enqueued since and is enough
        _finish(row, state=JobState.DONE, error=error, now=now)


def _finish(row: Job, *, state: JobState, error: str, now: datetime) -> bool:
    return LEASES.release(row, state=state, last_error=error, finished_at=now)


def jobs_sweep(*, now: datetime) -> None:
    """Wake workers for due jobs, and delete jobs that ended long ago."""
    for lane in JobLane:
        if waiting := jobs_due(now).filter(lane=lane)[:MOST_WAKES].count():
            jobs_wake(lane, count=waiting)
    Job.objects.filter(
        state__in=[JobState.DONE, JobState.FAILED], finished_at__lt=now - KEPT_WHEN_OVER
    ).delete()
