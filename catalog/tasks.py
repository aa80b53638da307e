"""Celery tasks of catalog, one service call each."""

from celery import shared_task
from django.utils import timezone

from catalog.services.deletion import movies_remove_due
from catalog.services.plays import plays_count
from catalog.services.related import related_request
from catalog.services.schedule import licences_review, movies_publish_due
from catalog.services.trends import trends_compute


@shared_task
def count_plays() -> None:
    plays_count()


@shared_task
def compute_trends() -> None:
    trends_compute(now=timezone.now())


@shared_task
def relate_movies() -> None:
    related_request()


@shared_task
def sweep_schedule() -> None:
    """Publish films that are due, and announce licences that began or ended."""
    now = timezone.now()
    movies_publish_due(now=now)
    licences_review(now=now)


@shared_task
def remove_deleted_movies() -> None:
    movies_remove_due(now=timezone.now())
