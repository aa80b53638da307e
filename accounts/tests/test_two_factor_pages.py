"""Pages of the second factor, and the back office that needs it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Session, Totp, User
from accounts.services.moderation import user_ban
from accounts.tests.authenticator import Authenticator

SiteAs = Callable[[User], Client]
PAGE = "/account/two-factor"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_window")]


@pytest.fixture
def app(viewer: User, password: str, time_machine: Any) -> Authenticator:
    return Authenticator(viewer, password, time_machine)


@pytest.fixture
def half(client: Client, viewer: User, password: str, app: Authenticator) -> Client:
    """Return a browser with a pending sign-in."""
    form = {"email": viewer.email, "password": password, "next": "/movies"}
    answer = client.post("/login", form)
    assert answer["Location"] == "/login/code?next=%2Fmovies"
    return client


def sessions(user: User) -> int:
    return Session.objects.filter(user=user, kind="WEB").count()


def test_the_code_is_asked_for_on_a_second_page(
    half: Client, viewer: User, password: str, app: Authenticator
) -> None:
    assert (sessions(viewer), b"Sign out" in half.get("/subscribe").content) == (0, False)
    assert "code from your app" in half.get("/login/code?next=/movies").content.decode()
    assert "code is wrong" in half.post("/login/code", {"code": app.wrong()}).content.decode()
    assert sessions(viewer) == 0
    right = {"code": app.next(), "next": "/movies"}
    assert half.post("/login/code", right)["Location"] == "/movies"
    assert half.post("/login/code", right)["Location"] == "/movies"  # clicked twice
    assert Session.objects.get(user=viewer, kind="WEB").second_factor
    assert password not in str(half.cookies)


@pytest.mark.parametrize("what", ["waits", "bans", "changes the password", "comes without"])
def test_a_void_pending_sign_in(
    half: Client, viewer: User, app: Authenticator, time_machine: Any, what: str
) -> None:
    if what == "waits":
        time_machine.shift(600)
    elif what == "bans":
        user_ban(viewer, reason="Fraud")
    elif what == "changes the password":
        viewer.set_password("another-one-7")
        viewer.save()
    browser = Client() if what == "comes without" else half
    assert browser.post("/login/code", {"code": app.next()})["Location"] == "/login?next=/"
    assert browser.get("/login/code")["Location"] == "/login?next=/"
    assert sessions(viewer) == 0


def test_setting_it_up_on_the_site(viewer: User, password: str, site_as: SiteAs) -> None:
    browser = site_as(viewer)
    assert browser.get(f"{PAGE}/qr.svg").status_code == 404
    wrong = browser.post(PAGE, {"step": "begin", "password": "wrong"}).content.decode()
    assert "not your password" in wrong
    assert browser.get(f"{PAGE}/qr.svg").status_code == 404
    assert browser.post(PAGE, {"step": "begin", "password": password}).status_code == 302
    page = browser.get(PAGE).content.decode()
    key = re.search(r'class="key">(\w+)<', page)
    assert key
    assert "style=" not in page
    assert browser.get(f"{PAGE}/qr.svg")["Content-Type"] == "image/svg+xml"
    assert b"Wrong code" in browser.post(PAGE, {"step": "confirm", "code": "x"}).content
    form = {"step": "confirm", "code": pyotp.TOTP(key[1]).now()}
    codes = browser.post(PAGE, form).content.decode()
    assert len(set(re.findall(r"<code>([\w-]{14})</code>", codes))) == 10
    again = browser.post(PAGE, form).content.decode()
    assert ("Two-step sign-in is on" in again, "<code>" in again) == (True, False)
    assert "Two-step sign-in is on" in browser.get(PAGE).content.decode()
    assert browser.get(f"{PAGE}/qr.svg").status_code == 404


def test_an_unfinished_set_up_expires(
    viewer: User, password: str, site_as: SiteAs, time_machine: Any
) -> None:
    browser = site_as(viewer)
    browser.post(PAGE, {"step": "begin", "password": password})
    time_machine.move_to(timezone.now() + timedelta(minutes=31))
    assert "Set up" in browser.get(PAGE).content.decode()
    assert browser.get(f"{PAGE}/qr.svg").status_code == 404


def test_the_page_needs_a_sign_in(client: Client) -> None:
    assert client.get(PAGE)["Location"] == "/login?next=/account/two-factor"
    assert client.post(PAGE, {"step": "begin"}).status_code == 302
    assert client.get(f"{PAGE}/qr.svg").status_code == 404


def test_the_back_office_opens_only_with_it(
    moderator: User, viewer: User, password: str, site_as: SiteAs, settings: Any, time_machine: Any
) -> None:
    browser = site_as(moderator)
    assert browser.get("/admin/").status_code == 200
    settings.STAFF_TOTP_REQUIRED = True
    for url in ("/admin/", "/admin/accounts/user/", "/admin/accounts/auditlog/"):
        answer = browser.get(url, follow=True)
        assert answer.redirect_chain[-1][0].startswith(f"{PAGE}?next=%2Fadmin")
        assert "Staff need this" in answer.content.decode()
    form = {"action": "ban", "_selected_action": [str(viewer.pk)], "reason": "Spam"}
    assert browser.post("/admin/accounts/user/", form).status_code == 302
    viewer.refresh_from_db()
    assert not viewer.is_banned

    browser.post(PAGE, {"step": "begin", "password": password})
    key = re.search(r'class="key">(\w+)<', browser.get(PAGE).content.decode())
    assert key
    browser.post(PAGE, {"step": "confirm", "code": pyotp.TOTP(key[1]).now()})
    assert Totp.objects.get().confirmed_at
    assert site_as(viewer).get("/admin/", follow=True).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_session_that_set_it_up_may_go_on(
    moderator: User, password: str, site_as: SiteAs, settings: Any
) -> None:
    settings.STAFF_TOTP_REQUIRED = True
    browser, other = site_as(moderator), site_as(moderator)
    browser.post(PAGE, {"step": "begin", "password": password})
    key = re.search(r'class="key">(\w+)<', browser.get(PAGE).content.decode())
    assert key
    browser.post(PAGE, {"step": "confirm", "code": pyotp.TOTP(key[1]).now()})
    assert browser.get("/admin/").status_code == 200
    assert "signed in without the code" in other.get("/admin/", follow=True).content.decode()
