"""API of people for staff: access by rank, and the audit log."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditLog, Session, User
from accounts.roles import Role
from accounts.services import moderation, staff_rank
from accounts.services.erasure import deletion_request
from accounts.services.moderation import user_set_role
from accounts.tasks import end_bans
from kushfilms.core.errors import KushError, WrongState

ApiAs = Callable[[User], APIClient]
USERS = "/api/v1/admin/users"

pytestmark = pytest.mark.django_db


def test_the_list_is_searched_and_filtered(
    moderator: User, viewer: User, premium_viewer: User, user_factory: Any, api_as: ApiAs
) -> None:
    user_factory(name="Banned Bob", is_banned=True)
    staff = api_as(moderator)

    def names(query: str) -> set[str]:
        page = staff.get(f"{USERS}{query}").json()
        assert page["count"] == len(page["results"])
        return {row["name"] for row in page["results"]}

    assert len(names("")) == 4
    assert names("?search=AISH") == {"Aisha"}
    assert names(f"?search={viewer.email}") == {"Aisha"}
    assert names("?plan=PREMIUM") == {premium_viewer.name}
    assert names("?banned=true") == {"Banned Bob"}
    assert names("?role=MODERATOR&banned=false") == {"Moderator"}
    for bad in ("?role=KING", "?plan=GOLD", "?banned=perhaps", "?search=%00", "?page=-1"):
        assert staff.get(f"{USERS}{bad}").status_code == 400, bad


def test_viewers_are_refused(viewer: User, stranger: User, api_as: ApiAs) -> None:
    phone = api_as(viewer)
    url = f"{USERS}/{stranger.pk}"
    assert phone.get(USERS).status_code == phone.get(url).status_code == 403
    assert phone.put(url, {"name": "Hacked"}).status_code == 403
    for call in ("ban", "unban"):
        assert phone.post(f"{url}/{call}", {"reason": "x"}).status_code == 403
    stranger.refresh_from_db()
    assert (stranger.name, stranger.is_banned) == ("Stranger", False)
    assert not AuditLog.objects.exists()


def test_a_ban_has_a_reason_and_a_length(
    moderator: User, viewer: User, api_as: ApiAs, time_machine: Any
) -> None:
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    staff, url = api_as(moderator), f"{USERS}/{viewer.pk}"
    api_as(viewer)
    for body in ({}, {"reason": ""}, {"reason": "x", "days": 0}, {"reason": "x", "days": 10**9}):
        assert staff.post(f"{url}/ban", body).status_code == 400, body
    answer = staff.post(f"{url}/ban", {"reason": "Spam", "days": 7})
    assert (answer.json()["isBanned"], answer.json()["banReason"]) == (True, "Spam")
    viewer.refresh_from_db()
    assert viewer.banned_until == start + timedelta(days=7)
    assert not Session.objects.live().filter(user=viewer).exists()
    time_machine.move_to(start + timedelta(days=6))
    end_bans()
    viewer.refresh_from_db()
    assert viewer.is_banned
    time_machine.move_to(start + timedelta(days=7, seconds=1))
    end_bans()
    viewer.refresh_from_db()
    lifted: tuple[bool, Any] = (viewer.is_banned, viewer.banned_until)
    assert lifted == (False, None)
    entry = AuditLog.objects.order_by("created_at").last()
    assert entry is not None
    assert (entry.action, entry.actor_id) == ("user.unban", None)  # the system, by time


def test_a_permanent_ban_lasts_until_it_is_lifted(
    moderator: User, viewer: User, api_as: ApiAs, time_machine: Any
) -> None:
    staff, url = api_as(moderator), f"{USERS}/{viewer.pk}"
    assert staff.post(f"{url}/ban", {"reason": "Fraud"}).json()["bannedUntil"] is None
    end_bans()
    assert staff.get(url).json()["isBanned"] is True
    assert staff.post(f"{url}/unban").json()["isBanned"] is False
    assert staff.post(f"{url}/unban").status_code == 200
    actions = AuditLog.objects.order_by("created_at").values_list("action", flat=True)
    assert list(actions) == ["user.ban", "user.unban"]


@pytest.mark.parametrize("target", ["moderator", "admin", "super_admin", "colleague"])
def test_staff_act_only_on_lower_roles(
    moderator: User, admin: User, super_admin: User, user_factory: Any, api_as: ApiAs, target: str
) -> None:
    colleague = user_factory(role=Role.MODERATOR)
    people = {"moderator": moderator, "admin": admin, "super_admin": super_admin}
    other = people.get(target, colleague)
    answer = api_as(moderator).post(f"{USERS}/{other.pk}/ban", {"reason": "Coup"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_below_you")
    assert not User.objects.filter(is_banned=True).exists()
    assert not AuditLog.objects.exists()


def test_editing(admin: User, super_admin: User, viewer: User, stranger: User, moderator: User,
                 api_as: ApiAs) -> None:  # fmt: skip
    staff, url = api_as(admin), f"{USERS}/{viewer.pk}"
    assert api_as(moderator).put(url, {"name": "x"}).status_code == 403
    changed = staff.put(url, {"name": "Aisha N.", "email": "AISHA@n.ug", "emailVerified": True})
    assert (changed.json()["name"], changed.json()["email"]) == ("Aisha N.", "aisha@n.ug")
    entry = AuditLog.objects.get()
    assert (entry.action, entry.old_values["name"], entry.new_values["name"]) == (
        "user.change", "Aisha", "Aisha N.",
    )  # fmt: skip
    assert staff.put(url, {"name": "Aisha N."}).status_code == 200
    taken = staff.put(url, {"email": stranger.email.upper()})
    assert (taken.status_code, taken.json()["code"]) == (409, "email_taken")
    assert staff.put(url, {"email": "x"}).status_code == 400
    raised = staff.put(url, {"role": "ADMIN", "name": "Sneaky"})
    assert (raised.status_code, raised.json()["code"]) == (403, "role_denied")
    viewer.refresh_from_db()
    assert (viewer.name, viewer.role) == ("Aisha N.", Role.USER)
    assert AuditLog.objects.count() == 1
    assert api_as(super_admin).put(url, {"role": "MODERATOR"}).json()["role"] == "MODERATOR"
    assert staff.get(f"{USERS}/{entry.pk}").status_code == 404


def test_only_a_super_admin_erases(
    admin: User, super_admin: User, viewer: User, api_as: ApiAs
) -> None:
    url = f"{USERS}/{viewer.pk}"
    assert api_as(admin).delete(url).status_code == 403
    viewer.refresh_from_db()
    assert viewer.deletes_at is None
    boss = api_as(super_admin)
    assert boss.delete(f"{USERS}/{super_admin.pk}").status_code == 403  # not oneself
    answer = boss.delete(url)
    assert (answer.status_code, bool(answer.json()["deletesAt"])) == (202, True)
    assert AuditLog.objects.get().action == "user.delete"


def test_the_list_costs_the_same_at_2_and_at_20(
    moderator: User, user_factory: Any, api_as: ApiAs, django_assert_num_queries: Any
) -> None:
    staff = api_as(moderator)
    staff.get(USERS)
    for rows in (2, 18):
        user_factory.create_batch(rows)
        with django_assert_num_queries(2):  # the count, the page with its plans
            assert staff.get(f"{USERS}?limit=50").status_code == 200


# ── The last super admin ────────────────────────────────────────────────────────────────


def test_the_last_super_admin_stays(super_admin: User, user_factory: Any) -> None:
    banned = user_factory(role=Role.SUPER_ADMIN, is_banned=True)
    leaving = user_factory(role=Role.SUPER_ADMIN, deletes_at=timezone.now())
    for act in (
        lambda: user_set_role(super_admin, role=Role.ADMIN),
        lambda: moderation.user_ban(super_admin, reason="Coup"),
        lambda: deletion_request(super_admin, now=timezone.now()),
    ):
        with pytest.raises(WrongState) as caught:
            act()
        assert caught.value.error_code == "last_super_admin"
    super_admin.refresh_from_db()
    assert (super_admin.role, super_admin.is_banned) == (Role.SUPER_ADMIN, False)
    for other in (banned, leaving):
        user_set_role(other, role=Role.USER)


def _demote_each_other(one: User, two: User) -> list[bool]:
    gate = Barrier(2, timeout=60)

    def demote(pair: tuple[User, User]) -> bool:
        me, other = pair
        gate.wait()
        try:
            user_set_role(other, role=Role.USER, by=me)
        except KushError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(demote, [(one, two), (two, one)]))


@pytest.mark.django_db(transaction=True)
def test_two_who_demote_each_other_at_once_leave_one(super_admin: User, user_factory: Any) -> None:
    other = user_factory(role=Role.SUPER_ADMIN)
    assert sorted(_demote_each_other(super_admin, other)) == [False, True]
    assert User.objects.filter(role=Role.SUPER_ADMIN).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_no_super_admin_is_left(
    super_admin: User, user_factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, keep_one = Barrier(2, timeout=60), staff_rank.super_admin_keep_one

    def meet(user: User) -> None:
        keep_one(user)
        gate.wait()

    monkeypatch.setattr(
        moderation, "user_lock_below", lambda user, **_: User.objects.get(pk=user.pk)
    )
    monkeypatch.setattr(moderation, "super_admin_keep_one", meet)
    other = user_factory(role=Role.SUPER_ADMIN)
    assert _demote_each_other(super_admin, other) == [True, True]
    assert not User.objects.filter(role=Role.SUPER_ADMIN).exists()
