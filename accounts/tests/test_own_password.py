"""Checks of the current password: a stolen session can neither guess it nor lock out the owner."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Totp, User
from accounts.tests.authenticator import Authenticator

ACCOUNT, TOTP = "/api/v1/users/account", "/api/v1/users/totp"
PASSWORD, PROFILE = "/api/v1/users/password", "/api/v1/users/profile"
ApiAs = Callable[[User], APIClient]
SiteAs = Callable[[User], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_window")]

DOORS: list[tuple[str, str, Callable[[str], dict[str, str]]]] = [
    ("delete", ACCOUNT, lambda typed: {"password": typed}),
    ("put", PASSWORD, lambda typed: {"currentPassword": typed, "newPassword": "boda-boda-7712"}),
    ("put", PROFILE, lambda typed: {"email": "new@example.ug", "password": typed}),
    ("post", TOTP, lambda typed: {"password": typed}),
]


def _state(user: User) -> dict[str, Any]:
    return dict(User.objects.filter(pk=user.pk).values().get())


@pytest.mark.parametrize(("verb", "url", "body"), DOORS)
def test_a_session_has_five_guesses(
    viewer: User, password: str, api_as: ApiAs, verb: str, url: str, body: Any
) -> None:
    thief, owner, before = api_as(viewer), api_as(viewer), _state(viewer)
    guesses = [getattr(thief, verb)(url, body("wrong")).status_code for _ in range(7)]
    assert guesses == [400] * 5 + [429] * 2
    refused = getattr(thief, verb)(url, body(password))
    assert (refused.status_code, 1 <= int(refused["Retry-After"]) <= 300) == (429, True)
    assert _state(viewer) == before
    # The owner, signed in elsewhere, types it once and is let in.
    assert getattr(owner, verb)(url, body(password)).status_code < 300


def test_all_forms_share_one_count(viewer: User, api_as: ApiAs) -> None:
    thief = api_as(viewer)
    for verb, url, body in DOORS:
        assert getattr(thief, verb)(url, body("wrong")).status_code == 400
    assert thief.delete(ACCOUNT, {"password": "wrong"}).status_code == 400
    assert thief.delete(ACCOUNT, {"password": "wrong"}).status_code == 429


def test_many_sessions_do_not_make_many_guesses(viewer: User, api_as: ApiAs) -> None:
    tries = [api_as(viewer).delete(ACCOUNT, {"password": "wrong"}).status_code for _ in range(22)]
    assert tries == [400] * 20 + [429] * 2


def test_the_page_counts_too(viewer: User, password: str, site_as: SiteAs) -> None:
    browser, before = site_as(viewer), _state(viewer)
    leave = {"do": "leave", "password": "wrong"}
    for _ in range(6):
        page = browser.post("/account/privacy", leave)
    assert "Too many tries" in page.content.decode()
    assert (page.status_code, 1 <= int(page["Retry-After"]) <= 300) == (429, True)
    page = browser.post("/account/privacy", {**leave, "password": password})
    assert "Too many tries" in page.content.decode()
    assert _state(viewer) == before
    assert (
        site_as(viewer).post("/account/privacy", {**leave, "password": password}).status_code == 302
    )
    assert User.objects.get().deletes_at is not None


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("/account/email", {"email": "new@example.ug", "password": "wrong"}),
        ("/account/password", {"current_password": "wrong", "new_password": "boda-boda-7712"}),
        ("/account/two-factor", {"step": "begin", "password": "wrong"}),
    ],
)
def test_every_page_shows_the_wait(
    viewer: User, site_as: SiteAs, url: str, form: dict[str, str]
) -> None:
    browser = site_as(viewer)
    pages = [browser.post(url, form) for _ in range(6)]
    assert [page.status_code for page in pages] == [200] * 5 + [429]
    assert 1 <= int(pages[-1]["Retry-After"]) <= 300


def test_a_stolen_session_does_not_use_up_the_owners_codes(
    viewer: User, password: str, api_as: ApiAs, time_machine: Any
) -> None:
    app = Authenticator(viewer, password, time_machine)
    thief, owner = api_as(viewer), api_as(viewer)
    for _ in range(8):
        thief.delete(TOTP, {"password": "wrong", "code": "000000"})
    body = {"email": viewer.email, "password": password, "code": app.next()}
    assert APIClient().post("/api/v1/auth/login", body).status_code == 200
    done = owner.delete(TOTP, {"password": password, "code": app.next()})
    assert (done.status_code, Totp.objects.exists()) == (204, False)
