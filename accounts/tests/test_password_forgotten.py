"""Requests for a new password: mails, their limits, and no hint whether an account exists."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import OneTimeToken, User
from accounts.services.moderation import user_ban
from accounts.tests.mail_links import token_in
from kushfilms.core.models import Job

FORGOT, RESET = "/api/v1/auth/forgot-password", "/api/v1/auth/reset-password"
ME, LOGIN = "/api/v1/auth/me", "/api/v1/auth/login"
NEW = "boda-boda-7712"
ApiAs = Callable[[User], APIClient]
RunJobs = Callable[[], int]

pytestmark = pytest.mark.django_db


def test_known_and_unknown_take_the_same_steps(
    api: APIClient, viewer: User, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    with CaptureQueriesContext(connection) as known:
        first = api.post(FORGOT, {"email": viewer.email})
    with CaptureQueriesContext(connection) as unknown:
        second = api.post(FORGOT, {"email": "nobody@example.ug"})
    assert (first.status_code, first.content) == (second.status_code, second.content) == (202, b"")
    assert len(known) == len(unknown)
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [[viewer.email]]


@pytest.mark.usefixtures("fresh_window")
def test_an_account_gets_three_mails_an_hour(
    api: APIClient, viewer: User, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    for n in range(8):
        answer = api.post(FORGOT, {"email": viewer.email}, REMOTE_ADDR=f"10.1.0.{n}")
        assert answer.status_code == 202
        run_jobs()
    assert len(mailoutbox) == 3
    with time_machine.travel(timezone.now() + timedelta(minutes=59, seconds=50)):
        last = api.post(RESET, {"token": token_in(mailoutbox[-1]), "password": NEW})
    assert last.status_code == 200  # who asks in somebody's place takes nothing from them


@pytest.mark.usefixtures("fresh_window")
def test_asking_is_slowed_by_address_and_account(
    api: APIClient, viewer: User, stranger: User
) -> None:
    for email in [viewer.email, "nobody@example.ug"]:
        assert [api.post(FORGOT, {"email": email}).status_code for _ in range(6)] == [
            *[202] * 5,
            429,
        ]
    assert api.post(FORGOT, {"email": stranger.email}).status_code == 202
    elsewhere = api.post(FORGOT, {"email": viewer.email}, REMOTE_ADDR="10.9.9.9")
    assert elsewhere.status_code == 202


@pytest.mark.usefixtures("fresh_window")
def test_a_list_of_addresses_does_not_fill_the_queue(api: APIClient, settings: Any) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "forgot_network": "4/3600"}
    asked = [api.post(FORGOT, {"email": f"n{n}@example.ug"}) for n in range(6)]
    assert [answer.status_code for answer in asked] == [202] * 4 + [429] * 2
    assert 3500 < int(asked[-1]["Retry-After"]) <= 3600
    assert Job.objects.count() == 4
    elsewhere = api.post(FORGOT, {"email": "n9@example.ug"}, REMOTE_ADDR="10.9.9.9")
    assert elsewhere.status_code == 202


def test_an_outage_of_the_mail_server_delays_mail(
    api: APIClient, viewer: User, run_jobs: RunJobs, mailoutbox: list[Any], settings: Any
) -> None:
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.no.such.Backend"
    now = timezone.now()
    api.post(FORGOT, {"email": viewer.email})
    for minutes in range(0, 61, 10):
        with time_machine.travel(now + timedelta(minutes=minutes, seconds=1)):
            run_jobs()
    assert mailoutbox == []
    settings.EMAIL_BACKEND = working
    with time_machine.travel(now + timedelta(minutes=80)):
        run_jobs()
        (mail,) = mailoutbox
        answer = api.post(RESET, {"token": token_in(mail), "password": NEW})
    assert answer.status_code == 200


def test_the_banned_and_the_erased_get_no_mail(
    api: APIClient, viewer: User, stranger: User, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    user_ban(viewer, reason="x")
    User.objects.filter(pk=stranger.pk).update(erased_at=timezone.now())
    for user in (viewer, stranger):
        assert api.post(FORGOT, {"email": user.email}).status_code == 202
    run_jobs()
    assert mailoutbox == []
    assert not OneTimeToken.objects.exists()
    assert not Job.objects.filter(state="WAITING").exists()


def test_the_forgot_page_is_the_same_for_all_addresses(client: Client, viewer: User) -> None:
    known = client.post("/forgot", {"email": viewer.email})
    unknown = client.post("/forgot", {"email": "nobody@example.ug"})
    assert known["Location"] == unknown["Location"]
