"""Races. Each has a control without the protection."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models.functions import Lower
from rest_framework.test import APIClient

from accounts.auth import principal
from accounts.auth.tokens import read_refresh
from accounts.models import Session, User
from accounts.services import lock_out, people, refresh_tokens, sessions
from accounts.services.moderation import user_ban, user_unban
from accounts.services.people import user_check_credentials
from kushfilms.core.models import Job
from tests.concurrency import at_once

REGISTER, LOGIN = "/api/v1/auth/register", "/api/v1/auth/login"
REFRESH, ME = "/api/v1/auth/refresh", "/api/v1/auth/me"
NEW = {"email": "joel@example.ug", "password": "matatu-9931-x", "name": "Joel"}
ApiAs = Callable[[User], APIClient]

pytestmark = pytest.mark.django_db(transaction=True)


def statuses(call: Callable[[int], Any], *, times: int = 4) -> list[int]:
    """Return the statuses of calls that start together, in order of size."""
    return sorted(answer.status_code for answer in at_once(call, range(times)))


# ── Two registrations of one e-mail ─────────────────────────────────────────────────────

SPELLINGS = ["joel@example.ug", "Joel@Example.UG", " JOEL@example.ug", "joel@EXAMPLE.ug"]


def _register(n: int) -> Any:
    return APIClient().post(REGISTER, {**NEW, "email": SPELLINGS[n]})


@pytest.fixture
def all_have_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all registrations find the address free before one takes it."""
    together = Barrier(4)

    def look(*_: Any, **__: Any) -> None:
        together.wait(timeout=60)

    monkeypatch.setattr(people, "address_must_be_free", look)


@pytest.mark.usefixtures("all_have_looked")
def test_one_email_makes_one_account_and_one_mail() -> None:
    assert statuses(_register) == [201, 409, 409, 409]
    assert User.objects.count() == Session.objects.count() == Job.objects.count() == 1


@pytest.fixture
def without_the_constraint() -> Iterator[None]:
    name = "email_is_unique_whatever_its_case"
    constraint = next(item for item in User._meta.constraints if item.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(User, constraint)
    yield
    User.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(User, constraint)


@pytest.mark.usefixtures("without_the_constraint", "all_have_looked")
def test_without_the_constraint_it_would_make_several() -> None:
    """Control for the test above."""
    assert statuses(_register) == [201, 201, 201, 201]
    same = User.objects.alias(folded=Lower("email")).filter(folded="joel@example.ug")
    assert same.count() == 4


# ── Two refreshes of one token ──────────────────────────────────────────────────────────


@pytest.fixture
def refresh_token(viewer: User, password: str) -> str:
    body = {"email": viewer.email, "password": password}
    token: str = APIClient().post(LOGIN, body).json()["refreshToken"]
    return token


AT_ONCE = 8


@pytest.fixture
def all_have_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all requests read their token before one writes."""
    together = Barrier(AT_ONCE)

    def wait(raw: str) -> Any:
        claims = read_refresh(raw)
        together.wait(timeout=60)
        return claims

    monkeypatch.setattr(refresh_tokens, "read_refresh", wait)


def _refresh_at_once(token: str) -> tuple[list[int], list[dict[str, str]]]:
    answers: list[Any] = []

    def refresh(_: int) -> Any:
        answers.append(APIClient().post(REFRESH, {"refreshToken": token}))
        return answers[-1]

    return statuses(refresh, times=AT_ONCE), [answer.json() for answer in answers]


@pytest.mark.usefixtures("all_have_read")
def test_a_refresh_token_has_one_successor(refresh_token: str) -> None:
    statuses, pairs = _refresh_at_once(refresh_token)
    assert statuses == [200] * AT_ONCE
    assert len({pair["refreshToken"] for pair in pairs}) == 1
    for pair in pairs:
        bearer = f"Bearer {pair['accessToken']}"
        assert APIClient().get(ME, HTTP_AUTHORIZATION=bearer).status_code == 200
    assert Session.objects.live().count() == 1


@pytest.mark.usefixtures("all_have_read")
def test_without_the_lock_it_would_have_several(
    refresh_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: all requests read the row before one writes it."""
    found = Barrier(AT_ONCE)

    def read(session_id: Any) -> Session | None:
        session = Session.objects.live().select_related("user").filter(pk=session_id).first()
        found.wait(timeout=60)
        return session

    monkeypatch.setattr(refresh_tokens, "_locked", read)
    statuses, pairs = _refresh_at_once(refresh_token)
    assert statuses == [200] * AT_ONCE
    assert len({pair["refreshToken"] for pair in pairs}) == AT_ONCE


# ── A ban while requests are under way ──────────────────────────────────────────────────


@contextmanager
def _request_that_has_read_the_row(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Pause a reader on another node after it found its session live, until the block ends."""
    load, has_read, may_go_on = principal.principals_load, Event(), Event()

    def slow_load(session_ids: Any) -> Any:
        found = load(session_ids)
        has_read.set()
        assert may_go_on.wait(timeout=60)
        return found

    def ask() -> None:
        try:
            client.get(ME)
        finally:
            connection.close()

    monkeypatch.setattr(principal, "principals_load", slow_load)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask)
        assert has_read.wait(timeout=60)
        monkeypatch.setattr(principal, "principals_load", load)
        yield
        may_go_on.set()
        asked.result(timeout=20)


def test_after_a_ban_the_next_request_is_refused(
    viewer: User, stranger: User, api_as: ApiAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones, foreign = [api_as(viewer) for _ in range(3)], api_as(stranger)
    with _request_that_has_read_the_row(phones[0], monkeypatch):
        user_ban(viewer, reason="Fraud")
    assert [phone.get(ME).status_code for phone in phones] == [401, 401, 401]
    assert foreign.get(ME).status_code == 200


def test_if_the_cached_copy_were_only_dropped_it_would_come_back(
    viewer: User, api_as: ApiAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: the late reader caches the principal from before the ban."""
    phone = api_as(viewer)

    def only_drop(session_ids: list[Any]) -> None:
        cache.delete_many([f"principal:{session_id}" for session_id in session_ids])

    monkeypatch.setattr(sessions, "sessions_forget", only_drop)
    with _request_that_has_read_the_row(phone, monkeypatch):
        user_ban(viewer, reason="Fraud")
    assert phone.get(ME).status_code == 200


@pytest.fixture
def banned_while_signing_in(viewer: User, monkeypatch: pytest.MonkeyPatch) -> User:
    """Ban between the check of the password and the start of the session."""

    def check_then_ban(**credentials: Any) -> User:
        found = user_check_credentials(**credentials)
        user_ban(User.objects.get(pk=found.pk), reason="Fraud")
        return found

    monkeypatch.setattr(lock_out, "user_check_credentials", check_then_ban)
    return viewer


def test_a_ban_during_a_sign_in_leaves_no_session(
    banned_while_signing_in: User, password: str
) -> None:
    body = {"email": banned_while_signing_in.email, "password": password}
    answer = APIClient().post(LOGIN, body)
    assert (answer.status_code, answer.json()["code"]) == (403, "banned")
    assert not Session.objects.exists()


def test_without_the_condition_it_would_leave_one_that_outlives_the_ban(
    banned_while_signing_in: User, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: a session that starts without checking the row."""
    start = sessions.session_start

    def start_anyway(user: User, **where: Any) -> Session:
        User.objects.filter(pk=user.pk).update(is_banned=False)
        session = start(user, **where)
        User.objects.filter(pk=user.pk).update(is_banned=True)
        return session

    monkeypatch.setattr("accounts.services.sign_in.session_start", start_anyway)
    body = {"email": banned_while_signing_in.email, "password": password}
    token = APIClient().post(LOGIN, body).json()["accessToken"]
    user_unban(User.objects.get())
    answer = APIClient().get(ME, HTTP_AUTHORIZATION=f"Bearer {token}")
    assert answer.status_code == 200
