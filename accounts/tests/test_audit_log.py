"""Audit log of staff's actions, which the database protects from changes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.models import AuditLog, User
from accounts.roles import Role
from accounts.services.audit import audit_write
from accounts.services.moderation import user_ban, user_set_role
from kushfilms.core.context import RequestContext, actor_is, opened


@pytest.fixture
def entry(viewer: User, admin: User) -> AuditLog:
    with opened(RequestContext(request_id="request-1", ip="10.1.2.3", user_agent="Firefox")):
        actor_is(admin.pk, role=admin.role)
        user_ban(viewer, reason="Spam", until=timezone.now() + timedelta(days=7))
    return AuditLog.objects.get()


def refused(sql: str, *params: Any) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
    except ProgrammingError as exc:
        return "append-only" in str(exc)
    return False


@pytest.mark.django_db
def test_an_entry_has_actor_action_origin_and_old_values(
    entry: AuditLog, viewer: User, admin: User
) -> None:
    assert (entry.actor_id, entry.actor_role) == (admin.pk, Role.ADMIN)
    assert (entry.action, entry.entity, entry.entity_id) == (
        "user.ban", "accounts.User", str(viewer.pk),
    )  # fmt: skip
    assert (entry.ip, entry.user_agent, entry.request_id) == ("10.1.2.3", "Firefox", "request-1")
    assert entry.old_values == {"is_banned": False, "banned_until": None}
    assert entry.new_values["is_banned"] is True
    assert entry.reason == "Spam"


@pytest.mark.django_db
def test_outside_of_requests_the_system_acts(viewer: User) -> None:
    user_set_role(viewer, role=Role.MODERATOR)
    entry = AuditLog.objects.get()
    assert (entry.actor_id, entry.ip, entry.request_id) == (None, None, "")
    assert entry.changes == [("role", "USER", "MODERATOR")]


@pytest.mark.django_db
def test_secrets_do_not_reach_it(viewer: User) -> None:
    audit_write("user.change", viewer, old={"password": "argon2$old"}, new={"password": "new"})
    assert "argon2" not in str(AuditLog.objects.values().get())


@pytest.mark.django_db
def test_the_database_refuses_change(entry: AuditLog) -> None:
    assert refused("UPDATE accounts_auditlog SET reason = 'Nothing happened'")
    assert refused("UPDATE accounts_auditlog SET actor_id = NULL")
    assert refused("UPDATE accounts_auditlog SET old_values = '{}', new_values = '{}'")
    assert refused("DELETE FROM accounts_auditlog")
    with connection.cursor() as cursor:  # the tests' own exception, see conftest
        cursor.execute("ALTER TABLE accounts_auditlog ENABLE TRIGGER auditlog_no_truncate")
    assert refused("TRUNCATE accounts_auditlog")
    assert AuditLog.objects.get() == entry


BLANK = "UPDATE accounts_auditlog SET label='', old_values='{}', new_values='{}', reason=''"


@pytest.mark.django_db
def test_only_an_erased_person_can_be_blanked_from_it(
    entry: AuditLog, viewer: User, stranger: User
) -> None:
    assert refused(BLANK)
    User.objects.filter(pk=stranger.pk).update(erased_at=timezone.now())
    assert refused(BLANK)
    User.objects.filter(pk=viewer.pk).update(erased_at=timezone.now())
    assert refused("UPDATE accounts_auditlog SET reason='Other'")
    assert refused(f"{BLANK}, ip = NULL")  # where staff wrote from is not the person's
    assert not refused(BLANK)
    entry.refresh_from_db()
    assert (entry.action, entry.label, entry.old_values) == ("user.ban", "", {})
    assert entry.actor_id is not None
