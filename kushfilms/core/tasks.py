"""Celery tasks of the job ledger."""

from celery import shared_task
from django.utils import timezone

from kushfilms.core.jobs import job_run_next, jobs_sweep, jobs_wake
from kushfilms.core.models import JobLane


@shared_task
def work_jobs(lane: str) -> None:
    """Do the next job of a lane, then send a new task for the one after it."""
    if job_run_next(JobLane(lane)):
        jobs_wake(JobLane(lane))


@shared_task
def sweep_jobs() -> None:
    jobs_sweep(now=timezone.now())
