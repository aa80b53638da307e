"""Celery's doors."""

from celery import shared_task
from django.utils import timezone

from billing.services.reminders import ends_tell
from billing.sync.reconcile import reconcile_all


@shared_task
def tell_of_ends() -> None:
    ends_tell(now=timezone.now())


@shared_task
def reconcile() -> None:
    reconcile_all()
