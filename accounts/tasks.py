"""Celery tasks of accounts; each is one service call."""

from celery import shared_task
from django.utils import timezone

from accounts.services.avatar_uploads import avatar_uploads_sweep
from accounts.services.ban_expiry import bans_end
from accounts.services.sweeps import grants_sweep


@shared_task
def end_bans() -> None:
    bans_end(now=timezone.now())


@shared_task
def sweep_grants() -> None:
    grants_sweep(now=timezone.now())


@shared_task
def sweep_avatar_uploads() -> None:
    avatar_uploads_sweep(now=timezone.now())
