"""New passwords by a link from a mail, by API and on the pages."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import OneTimeToken, TokenPurpose, User
from accounts.services import one_time_tokens
from accounts.services.moderation import user_ban
from accounts.services.one_time_tokens import token_mint
from accounts.tests.mail_links import token_in

FORGOT, RESET = "/api/v1/auth/forgot-password", "/api/v1/auth/reset-password"
ME, LOGIN = "/api/v1/auth/me", "/api/v1/auth/login"
NEW = "boda-boda-7712"
ApiAs = Callable[[User], APIClient]
RunJobs = Callable[[], int]

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(viewer: User) -> str:
    return token_mint(viewer, purpose=TokenPurpose.RESET_PASSWORD, now=timezone.now())


def _unchanged(user: User, password: str) -> bool:
    return User.objects.get(pk=user.pk).check_password(password)


def test_a_link_sets_a_new_password(
    api: APIClient, viewer: User, api_as: ApiAs, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    thief = api_as(viewer)
    assert api.post(FORGOT, {"email": viewer.email.upper()}).status_code == 202
    run_jobs()
    (mail,) = mailoutbox
    assert mail.to == [viewer.email]
    answer = api.post(RESET, {"token": token_in(mail), "password": NEW})
    assert (answer.status_code, set(answer.json())) == (200, {"deviceToken"})
    assert thief.get(ME).status_code == 401
    assert api.post(LOGIN, {"email": viewer.email, "password": NEW}).status_code == 200
    assert User.objects.get().email_verified
    run_jobs()
    assert "was changed" in mailoutbox[-1].subject


def test_a_link_works_once_and_takes_the_others_with_it(
    api: APIClient, viewer: User, link: str
) -> None:
    other = token_mint(viewer, purpose=TokenPurpose.RESET_PASSWORD, now=timezone.now())
    assert api.post(RESET, {"token": link, "password": NEW}).status_code == 200
    for token in (link, other):
        answer = api.post(RESET, {"token": token, "password": "another-one-88"})
        assert (answer.status_code, answer.json()["code"]) == (400, "token_invalid")
    assert _unchanged(viewer, NEW)


def test_a_weak_password_does_not_spend_the_link(api: APIClient, viewer: User, link: str) -> None:
    weak = api.post(RESET, {"token": link, "password": "12345678"})
    assert (weak.status_code, list(weak.json()["fields"])) == (400, ["password"])
    assert api.post(RESET, {"token": link, "password": NEW}).status_code == 200


@pytest.mark.parametrize("event", ["expired", "email", "password", "banned", "erased"])
def test_a_link_overtaken_by_events_changes_nothing(
    api: APIClient,
    viewer: User,
    api_as: ApiAs,
    link: str,
    password: str,
    event: str,
    run_jobs: RunJobs,
    mailoutbox: list[Any],
) -> None:
    match event:
        case "expired":
            OneTimeToken.objects.update(expires_at=timezone.now())
        case "email":
            User.objects.update(email="other@b.ug")
        case "password":
            change = {"currentPassword": password, "newPassword": "changed-since-1"}
            assert api_as(viewer).put("/api/v1/users/password", change).status_code == 200
            password = "changed-since-1"
        case "banned":
            user_ban(viewer, reason="x")
        case "erased":
            User.objects.update(erased_at=timezone.now())
    run_jobs()
    mailoutbox.clear()
    answer = api.post(RESET, {"token": link, "password": NEW})
    assert (answer.status_code, answer.json()["code"]) == (400, "token_invalid")
    assert _unchanged(viewer, password)
    run_jobs()
    assert mailoutbox == []


# ── Two at once ─────────────────────────────────────────────────────────────────────────


def _reset_at_once(link: str) -> list[int]:
    start = Barrier(3)

    def reset(n: int) -> int:
        start.wait()
        try:
            body = {"token": link, "password": f"{NEW}-{n}"}
            return int(APIClient().post(RESET, body).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        return sorted(pool.map(reset, range(3)))


@pytest.mark.django_db(transaction=True)
def test_of_concurrent_resets_one_succeeds(link: str) -> None:
    assert _reset_at_once(link) == [200, 400, 400]


@pytest.mark.django_db(transaction=True)
def test_without_the_swap_all_would(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: with the person's row locked but the token read before, all requests win."""
    monkeypatch.setattr(one_time_tokens, "_swap", lambda token, now: token.used_at is None)
    found = one_time_tokens._find
    all_read = Barrier(3)

    def read_together(raw: str, *, purpose: Any) -> Any:
        token = found(raw, purpose=purpose)
        if connection.in_atomic_block:
            all_read.wait(timeout=60)
        return token

    monkeypatch.setattr(one_time_tokens, "_find", read_together)
    assert _reset_at_once(link) == [200, 200, 200]


# ── The pages ───────────────────────────────────────────────────────────────────────────


def test_the_pages_set_a_new_password(
    client: Client, viewer: User, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    assert b'href="/forgot"' in client.get("/login").content
    assert client.post("/forgot", {"email": viewer.email})["Location"] == "/forgot/sent"
    assert client.get("/forgot/sent").status_code == 200
    run_jobs()
    token = token_in(mailoutbox[0])
    page = client.get("/reset", {"token": token})
    assert (page.status_code, token in page.content.decode()) == (200, True)
    assert OneTimeToken.objects.get().used_at is None
    weak = client.post("/reset", {"token": token, "password": "12345678"})
    assert "too common" in weak.content.decode()
    done = client.post("/reset", {"token": token, "password": NEW})
    assert (done.status_code, done["Location"]) == (302, "/reset/done")
    assert b"Sign in with your new password" in client.get("/reset/done").content
    assert _unchanged(viewer, NEW)


def test_an_invalid_link_offers_a_new_one(client: Client, viewer: User, password: str) -> None:
    for answer in (
        client.get("/reset", {"token": "dead"}),
        client.get("/reset"),
        client.post("/reset", {"token": "dead", "password": NEW}),
        client.post("/reset", {"token": "", "password": NEW}),
    ):
        assert answer.status_code == 400
        assert 'href="/forgot"' in answer.content.decode()
    assert _unchanged(viewer, password)
