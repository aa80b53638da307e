"""Back office for people: access, and actions on accounts by rank."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Session, User
from accounts.roles import Role

SiteAs = Callable[[User], Client]
USERS = "/admin/accounts/user/"

pytestmark = pytest.mark.django_db


def _act(browser: Client, action: str, *people: User, **fields: str) -> str:
    form = {"action": action, "_selected_action": [str(user.pk) for user in people], **fields}
    return browser.post(USERS, form, follow=True).content.decode()


def test_access_to_the_back_office(
    client: Client, viewer: User, moderator: User, site_as: SiteAs
) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/login?next=/admin/"
    assert site_as(viewer).get("/admin/", follow=True).status_code == 403
    assert site_as(moderator).get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "page",
    ["accounts/user", "accounts/session", "accounts/notification", "billing/subscription",
     "catalog/category", "catalog/movie", "catalog/watchhistory"],
)  # fmt: skip
def test_every_list_opens(super_admin: User, site_as: SiteAs, page: str) -> None:
    browser = site_as(super_admin)
    answer = browser.get(f"/admin/{page}/?q=x")
    assert answer.status_code == 200
    assert "style=" not in answer.content.decode()
    assert browser.get(f"/admin/{page}/").status_code == 200


def test_a_ban_takes_a_reason_and_is_written_down(
    moderator: User, viewer: User, stranger: User, site_as: SiteAs
) -> None:
    browser, _theirs = site_as(moderator), site_as(viewer)
    assert "Enter a reason" in _act(browser, "ban", viewer)
    viewer.refresh_from_db()
    assert not viewer.is_banned
    _act(browser, "ban", viewer, reason="Card fraud")
    viewer.refresh_from_db()
    stranger.refresh_from_db()
    assert (viewer.is_banned, viewer.ban_reason) == (True, "Card fraud")
    assert not stranger.is_banned
    assert not Session.objects.live().filter(user=viewer).exists()
    _act(browser, "unban", viewer)
    viewer.refresh_from_db()
    assert not viewer.is_banned


def test_staff_cannot_ban_their_equals_or_themselves(
    moderator: User, admin: User, site_as: SiteAs
) -> None:
    browser = site_as(moderator)
    page = _act(browser, "ban", admin, moderator, reason="Coup")
    assert page.count("is unchanged") == 2
    assert not User.objects.filter(is_banned=True).exists()


def test_an_admin_cannot_change_roles(admin: User, viewer: User, site_as: SiteAs) -> None:
    browser = site_as(admin)
    form = {"email": viewer.email, "name": "New name", "locale": "en", "role": "SUPER_ADMIN"}
    assert browser.post(f"{USERS}{viewer.pk}/change/", form).status_code == 302
    viewer.refresh_from_db()
    assert (viewer.name, viewer.role) == ("New name", Role.USER)
    own = browser.post(f"{USERS}{admin.pk}/change/", {**form, "email": admin.email})
    assert own.status_code == 403
    assert browser.get(f"{USERS}add/").status_code == 403
    assert browser.post(f"{USERS}{viewer.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_super_admin_creates_people(super_admin: User, site_as: SiteAs, password: str) -> None:
    browser = site_as(super_admin)
    form = {"email": "Mod@B.ug", "name": "Mod", "password": "12345678", "role": "MODERATOR"}
    assert "too common" in browser.post(f"{USERS}add/", form).content.decode()
    assert browser.post(f"{USERS}add/", {**form, "password": password}).status_code == 302
    made = User.objects.get(email="mod@b.ug")
    assert (made.role, made.check_password(password)) == ("MODERATOR", True)
    again = browser.post(f"{USERS}add/", {**form, "password": password})
    assert again.status_code == 200
    page = browser.get(f"{USERS}{made.pk}/change/").content.decode()
    assert made.password not in page


@pytest.mark.django_db(transaction=True)
def test_a_new_role_counts_on_the_next_request(
    super_admin: User, viewer: User, site_as: SiteAs
) -> None:
    foreign = site_as(viewer)
    assert foreign.get("/admin/", follow=True).status_code == 403
    form = {"email": viewer.email, "name": viewer.name, "locale": "en", "role": "ADMIN"}
    assert site_as(super_admin).post(f"{USERS}{viewer.pk}/change/", form).status_code == 302
    assert foreign.get("/admin/").status_code == 200


def test_sessions_are_ended_and_not_edited(
    moderator: User, viewer: User, admin: User, site_as: SiteAs
) -> None:
    browser, _theirs, _boss = site_as(moderator), site_as(viewer), site_as(admin)
    sessions = [str(pk) for pk in Session.objects.values_list("pk", flat=True)]
    browser.post("/admin/accounts/session/", {"action": "revoke", "_selected_action": sessions})
    live = set(Session.objects.live().values_list("user", flat=True))
    assert live == {moderator.pk, admin.pk}  # not one's own rank, not those above
    for url in ("add/", f"{sessions[0]}/delete/"):
        assert browser.post(f"/admin/accounts/session/{url}").status_code == 403


def test_the_admin_password_page_is_gone(admin: User, site_as: SiteAs) -> None:
    browser = site_as(admin)
    assert browser.get("/admin/password_change/").status_code == 404
    assert "password_change" not in browser.get("/admin/").content.decode()


def test_leaving_the_back_office_ends_the_session(admin: User, site_as: SiteAs) -> None:
    browser = site_as(admin)
    assert browser.post("/admin/logout/")["Location"] == "/"
    assert not Session.objects.live().exists()


def test_the_list_costs_the_same_at_2_and_at_20(
    super_admin: User, site_as: SiteAs, user_factory: Any, django_assert_num_queries: Any
) -> None:
    browser = site_as(super_admin)
    browser.get(USERS)
    for rows in (2, 18):
        user_factory.create_batch(rows)
        with django_assert_num_queries(3):  # me, the count, the page with its plans
            assert browser.get(USERS).status_code == 200


def test_a_complimentary_plan(admin: User, moderator: User, viewer: User, site_as: SiteAs) -> None:
    _act(site_as(moderator), "give_premium", viewer)
    assert "PREMIUM" not in _plan(viewer)
    assert "has Premium until" in _act(site_as(admin), "give_premium", viewer)
    assert _plan(viewer) == "PREMIUM"


def _plan(user: User) -> str:
    from accounts.auth.principal import held_plan

    return held_plan(user.pk).plan


def test_a_changed_email_is_unconfirmed_and_the_old_mailbox_notified(
    admin: User, viewer: User, site_as: SiteAs, run_jobs: Callable[[], int], mailoutbox: list[Any]
) -> None:
    User.objects.update(email_verified=True)
    form = {"email": "Moved@b.ug", "name": "Moved", "locale": "en", "email_verified": "on"}
    assert site_as(admin).post(f"{USERS}{viewer.pk}/change/", form).status_code == 302
    user = User.objects.get(pk=viewer.pk)
    assert (user.email, user.email_verified) == ("moved@b.ug", False)
    run_jobs()
    assert {mail.to[0] for mail in mailoutbox} == {"moved@b.ug", viewer.email}
