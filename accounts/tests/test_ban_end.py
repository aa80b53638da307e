"""Expiry of bans, and the sweep of expired links and grants."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditLog, DeviceGrant, OneTimeToken, TokenPurpose, User
from accounts.services.moderation import user_ban
from accounts.services.one_time_tokens import token_mint
from accounts.tasks import end_bans, sweep_grants

LOGIN = "/api/v1/auth/login"

pytestmark = pytest.mark.django_db


def _ban(user: User, *, hours: int | None) -> None:
    until = None if hours is None else timezone.now() + timedelta(hours=hours)
    user_ban(user, reason="Insults", until=until)


def _login(user: User, password: str) -> Any:
    return APIClient().post(LOGIN, {"email": user.email, "password": password})


def test_a_person_signs_in_after_a_ban(viewer: User, password: str) -> None:
    _ban(viewer, hours=-1)
    assert _login(viewer, "wrong").status_code == 401
    assert User.objects.get().is_banned  # only the right password lifts it early
    assert _login(viewer, password).status_code == 200
    user = User.objects.get()
    assert (user.is_banned, user.ban_reason, user.banned_until) == (False, "", None)
    entry = AuditLog.objects.get(action="user.unban")
    assert (entry.actor_id, entry.actor_role, entry.ip) == (None, "", None)  # the system
    assert entry.entity_id == str(viewer.pk)


@pytest.mark.parametrize("hours", [1, None])
def test_a_permanent_ban_stays(viewer: User, password: str, hours: int | None) -> None:
    _ban(viewer, hours=hours)
    end_bans()
    assert (_login(viewer, password).status_code, User.objects.get().is_banned) == (403, True)
    assert not AuditLog.objects.filter(action="user.unban").exists()


def test_the_sweep_lifts_expired_bans(viewer: User, stranger: User, admin: User) -> None:
    _ban(viewer, hours=-1)
    _ban(stranger, hours=1)
    _ban(admin, hours=None)
    for _ in range(2):
        end_bans()
    assert not User.objects.get(pk=viewer.pk).is_banned
    assert User.objects.filter(is_banned=True).count() == 2
    entry = AuditLog.objects.get(action="user.unban")
    assert (entry.entity_id, entry.actor_id) == (str(viewer.pk), None)


def test_the_schedule_names_existing_tasks(settings: Any) -> None:
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {end_bans.name, sweep_grants.name} <= names
    call_command("check")


def test_expired_links_and_grants_are_swept(viewer: User) -> None:
    now = timezone.now()
    for age in (timedelta(0), timedelta(days=4), timedelta(days=11)):  # good for three days
        token_mint(viewer, purpose=TokenPurpose.VERIFY_EMAIL, now=now - age)
    token_mint(viewer, purpose=TokenPurpose.RESET_PASSWORD, now=now)
    OneTimeToken.objects.filter(purpose="RESET_PASSWORD").update(used_at=now - timedelta(days=8))
    for hours in (-1, 23, 25):
        DeviceGrant.objects.create(
            device_code_hash=f"{hours}",
            user_code=f"CODE{hours}",
            expires_at=now - timedelta(hours=hours),
        )
    for _ in range(2):
        sweep_grants()
    assert OneTimeToken.objects.count() == 2
    assert set(DeviceGrant.objects.values_list("user_code", flat=True)) == {"CODE-1", "CODE23"}
