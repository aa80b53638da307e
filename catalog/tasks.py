"""Celery's doors into the catalogue: each task is one service call."""

from celery import shared_task
from django.utils import timezone

from catalog.services.plays import plays_count
from catalog.services.related import related_request
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
