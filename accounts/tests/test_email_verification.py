"""Confirmation of an e-mail, by the API and on the page."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import OneTimeToken, TokenPurpose, User
from accounts.services.moderation import user_ban
from accounts.services.one_time_tokens import token_mint
from accounts.tests.mail_links import token_in

VERIFY, RESEND = "/api/v1/auth/verify-email", "/api/v1/auth/verify-email/resend"
NEW = {"email": "joel@example.ug", "password": "matatu-9931-x", "name": "Joel"}
ApiAs = Callable[[User], APIClient]
SiteAs = Callable[[User], Client]
RunJobs = Callable[[], int]

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(viewer: User) -> str:
    return token_mint(viewer, purpose=TokenPurpose.VERIFY_EMAIL, now=timezone.now())


def _verified(user: User) -> bool:
    return User.objects.get(pk=user.pk).email_verified


@pytest.mark.parametrize("door", ["/register", "/api/v1/auth/register"])
def test_registering_sends_a_link_that_verifies(
    client: Client, api: APIClient, run_jobs: RunJobs, mailoutbox: list[Any], door: str
) -> None:
    (api if door.startswith("/api") else client).post(door, NEW)
    assert not OneTimeToken.objects.exists()  # nothing secret waits in a queue
    run_jobs()
    (mail,) = mailoutbox
    assert mail.to == [NEW["email"]]
    assert token_in(mail) not in str(list(OneTimeToken.objects.values()))
    answer = api.post(VERIFY, {"token": token_in(mail)})
    assert (answer.status_code, answer.json()) == (
        200,
        {"email": NEW["email"], "emailVerified": True},
    )
    assert User.objects.get().email_verified


def test_a_refused_registration_sends_nothing(
    api: APIClient, viewer: User, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    assert api.post("/api/v1/auth/register", {**NEW, "email": viewer.email}).status_code == 409
    run_jobs()
    assert mailoutbox == []


def test_a_link_works_once(api: APIClient, viewer: User, link: str) -> None:
    assert api.post(VERIFY, {"token": link}).status_code == 200
    User.objects.update(email_verified=False)
    again = api.post(VERIFY, {"token": link})
    assert (again.status_code, again.json()["code"]) == (400, "token_invalid")
    assert not _verified(viewer)


def test_a_link_works_for_three_days(api: APIClient, viewer: User, link: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=3, seconds=1)):
        assert api.post(VERIFY, {"token": link}).status_code == 400
        assert not _verified(viewer)
    with time_machine.travel(timezone.now() + timedelta(days=3, seconds=-60)):
        assert api.post(VERIFY, {"token": link}).status_code == 200


def test_later_changes_void_a_link(api: APIClient, viewer: User, link: str) -> None:
    User.objects.update(email="other@b.ug")
    assert api.post(VERIFY, {"token": link}).json()["code"] == "token_invalid"
    User.objects.update(email=viewer.email)
    user_ban(viewer, reason="x")
    assert api.post(VERIFY, {"token": link}).json()["code"] == "token_invalid"
    User.objects.update(is_banned=False, erased_at=timezone.now())
    assert api.post(VERIFY, {"token": link}).json()["code"] == "token_invalid"
    assert not _verified(viewer)


def test_a_link_of_another_purpose_verifies_nothing(api: APIClient, viewer: User) -> None:
    reset = token_mint(viewer, purpose=TokenPurpose.RESET_PASSWORD, now=timezone.now())
    assert api.post(VERIFY, {"token": reset}).status_code == 400
    assert not _verified(viewer)


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "é" * 100, "y" * 201, 7, None, []])
def test_invalid_tokens_are_refused(api: APIClient, token: object) -> None:
    answer = api.generic(
        "POST", VERIFY, json.dumps({"token": token}), content_type="application/json"
    )
    assert answer.status_code == 400


@pytest.mark.usefixtures("fresh_window")
def test_a_link_can_be_sent_again_some_times(
    viewer: User, api_as: ApiAs, api: APIClient, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    assert api.post(RESEND).status_code == 401
    phone = api_as(viewer)
    for _ in range(3):
        assert phone.post(RESEND).status_code == 202
        run_jobs()
    refused = phone.post(RESEND)
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [[viewer.email]] * 3


def test_a_verified_person_gets_no_link(
    viewer: User, api_as: ApiAs, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    User.objects.update(email_verified=True)
    answer = api_as(viewer).post(RESEND)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_verified")
    run_jobs()
    assert mailoutbox == []


# ── The page ────────────────────────────────────────────────────────────────────────────


def test_opening_the_link_spends_nothing(client: Client, viewer: User, link: str) -> None:
    page = client.get("/verify", {"token": link})
    assert page.status_code == 200
    assert "Confirm my e-mail" in page.content.decode()
    assert client.head("/verify", {"token": link}).status_code == 200
    assert not _verified(viewer)
    assert OneTimeToken.objects.get().used_at is None


def test_pressing_the_button_twice_is_once(client: Client, viewer: User, link: str) -> None:
    for _ in range(2):
        answer = client.post("/verify", {"token": link})
        assert (answer.status_code, answer["Location"]) == (302, "/verify/done")
    assert _verified(viewer)
    assert b"is confirmed" in client.get("/verify/done").content


def test_an_invalid_link_offers_a_new_one(client: Client, viewer: User, site_as: SiteAs) -> None:
    stranger = client.post("/verify", {"token": "dead"})
    assert stranger.status_code == 400
    assert "Sign in to get a new link" in stranger.content.decode()
    browser = site_as(viewer)
    assert "Send a new link" in browser.post("/verify", {"token": "dead"}).content.decode()
    assert browser.post("/verify/resend")["Location"] == "/verify/sent"
    assert not _verified(viewer)


def test_without_a_link_the_page_offers_one(client: Client, viewer: User, site_as: SiteAs) -> None:
    assert client.get("/verify")["Location"] == "/login?next=/verify"
    assert viewer.email in site_as(viewer).get("/verify").content.decode()
