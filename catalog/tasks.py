"""Celery's doors into the catalogue."""

from celery import shared_task
from django.utils import timezone

from catalog.services.schedule import licences_review, movies_publish_due


@shared_task
def sweep_schedule() -> None:
    """Films that go public by the clock, and licences that begin or end."""
    now = timezone.now()
    movies_publish_due(now=now)
    licences_review(now=now)
