"""Celery's doors."""

from celery import shared_task
from django.utils import timezone

from accounts.services.moderation import bans_lift


@shared_task
def sweep_bans() -> None:
    bans_lift(now=timezone.now())
