"""Celery tasks of billing, one service call each."""

from celery import shared_task
from django.utils import timezone

from billing.services.reminders import reminders_send
from billing.sync.reconcile import reconcile_all


@shared_task
def send_plan_reminders() -> None:
    reminders_send(now=timezone.now())


@shared_task
def reconcile() -> None:
    reconcile_all()
