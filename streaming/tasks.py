"""Celery tasks of streaming: each is one service call."""

from celery import shared_task
from django.utils import timezone

from streaming.services import sweeps
from streaming.services.playback_sessions import revocations_publish
from streaming.services.worker_wake import send_wakes
from streaming.worker.run import work_next


@shared_task
def work_encode() -> None:
    """Do the most urgent piece in the ledger, then continue in a new task."""
    if work_next():
        send_wakes(1)


@shared_task
def sweep_work() -> None:
    sweeps.work_sweep()


@shared_task
def sweep_sources() -> None:
    sweeps.sources_sweep(now=timezone.now())


@shared_task
def publish_revocations() -> None:
    revocations_publish()


@shared_task
def sweep_storage() -> None:
    sweeps.storage_sweep()
