"""Lock-out of guessers without locking out others (docs/adr/0006-lock-out.md)."""

import random
import time
from contextlib import nullcontext
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIClient

from accounts.models import Session, User
from kushfilms.core.client_ids import client_id_issue
from tests.factories import UserFactory

LOGIN, ME = "/api/v1/auth/login", "/api/v1/auth/me"
TOWER = "41.75.160.1"  # a carrier's, with thousands of people behind it

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_window")]


def _login(email: str, password: str, **headers: Any) -> Any:
    return APIClient().post(LOGIN, {"email": email, "password": password}, **headers)


def _storm(email: str, *, tries: int, address: str = TOWER) -> list[int]:
    """Guess as another client each time, by headers; return the statuses."""
    return [
        _login(
            email,
            "wrong",
            REMOTE_ADDR=address,
            HTTP_USER_AGENT=f"Bot/{n}",
            HTTP_X_DEVICE_ID=f"made-up-{n}",
        ).status_code
        for n in range(tries)
    ]


def _client_cookie(issued_at: float) -> dict[str, str]:
    """Return the cookie header of a browser with a new id."""
    return {"HTTP_COOKIE": f"{settings.CLIENT_COOKIE_NAME}={client_id_issue(now=issued_at)}"}


def _device_token(user: User, password: str) -> str:
    token: str = _login(user.email, password, REMOTE_ADDR="10.7.7.7").json()["deviceToken"]
    return token


def test_a_storm_shuts_out_the_guesser_and_nobody_else(viewer: User, password: str) -> None:
    token = _device_token(viewer, password)
    # The honest thousand, all with the same phone.
    neighbours = UserFactory.create_batch(1000)
    assert _storm(viewer.email, tries=40) == [401] * 5 + [429] * 35
    right = _login(viewer.email, password, REMOTE_ADDR=TOWER)
    assert (right.status_code, right.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(right["Retry-After"]) <= 60
    for user in neighbours:
        assert _login(user.email, password, REMOTE_ADDR=TOWER).status_code == 200
    owner = _login(viewer.email, password, REMOTE_ADDR=TOWER, HTTP_X_DEVICE_TOKEN=token)
    assert owner.status_code == 200


def test_a_client_that_keeps_failing_has_to_wait(viewer: User, password: str) -> None:
    start = timezone.now()
    for minute in range(2):
        with time_machine.travel(start.timestamp() + minute * 60, tick=False):
            for _ in range(5):
                assert _login(viewer.email, "wrong").status_code == 401
    with time_machine.travel(start.timestamp() + 120, tick=False):
        locked = _login(viewer.email, password)
        assert locked.status_code == 429
        assert 600 < int(locked["Retry-After"]) <= 900
        # A client's own claims make it no other client; an id of ours that is an hour old does.
        for told in ({"HTTP_X_DEVICE_ID": "hers"}, {"HTTP_USER_AGENT": "Another"}):
            assert _login(viewer.email, password, **told).status_code == 429
        fresh, ripe = (_client_cookie(start.timestamp() - age) for age in (0, 3600))
        assert _login(viewer.email, password, **fresh).status_code == 429
        assert _login(viewer.email, password, **ripe).status_code == 200
    with time_machine.travel(start.timestamp() + 901, tick=False):
        assert _login(viewer.email, password).status_code == 200


def test_strangers_from_everywhere_take_turns_and_the_owner_need_not(
    viewer: User, password: str
) -> None:
    token = _device_token(viewer, password)
    start = timezone.now().timestamp()
    with time_machine.travel(start, tick=False):
        for n in range(20):
            assert _storm(viewer.email, tries=1, address=f"10.2.0.{n}") == [401]
        assert _storm_from_everywhere(viewer.email, net=3) == [429] * 5
        refused = _login(viewer.email, password, REMOTE_ADDR="10.4.0.1")
        assert (refused.status_code, refused["Retry-After"]) == (429, "10")
        owner = _login(viewer.email, password, HTTP_X_DEVICE_TOKEN=token)
        assert owner.status_code == 200
    with time_machine.travel(start + 9, tick=False):
        assert _login(viewer.email, password, REMOTE_ADDR="10.4.0.1").status_code == 429
    # The client that waited has the turn, however many come from elsewhere at that moment.
    with time_machine.travel(start + 10, tick=False):
        assert _storm_from_everywhere(viewer.email, net=5) == [429] * 5
        assert _login(viewer.email, password, REMOTE_ADDR="10.4.0.1").status_code == 200


def test_those_who_wait_draw_lots(viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([0.9, 0.4, 0.0, 0.0])
    monkeypatch.setattr(random, "random", lambda: next(drawn))
    start = timezone.now().timestamp() // 10 * 10
    with time_machine.travel(start, tick=False):
        for n in range(20):
            _storm(viewer.email, tries=1, address=f"10.2.0.{n}")
        _storm_from_everywhere(viewer.email, net=3)
    with time_machine.travel(start + 10, tick=False):
        # Of the first alone, then one of two, of three and of four.
        statuses = [_storm(viewer.email, tries=1, address=f"10.3.0.{n}")[0] for n in range(4)]
        assert statuses == [401, 401, 401, 401]
    with time_machine.travel(start + 20, tick=False):
        monkeypatch.setattr(random, "random", lambda: 0.5)
        assert _storm(viewer.email, tries=1, address="10.3.0.4") == [429]


def _storm_from_everywhere(email: str, *, net: int) -> list[int]:
    return [_storm(email, tries=1, address=f"10.{net}.0.{n}")[0] for n in range(5)]


# ── Over all accounts ───────────────────────────────────────────────────────────────────


def test_one_password_is_not_tried_on_everybodys_account(
    viewer: User, password: str, settings: Any
) -> None:
    """Whatever the guesser calls itself, and with a new id of ours each time."""
    token = _device_token(viewer, password)
    tries = [
        _login(
            f"p{n}@example.ug", "Summer2026!", REMOTE_ADDR=TOWER, HTTP_USER_AGENT=f"Bot/{n}",
            HTTP_X_DEVICE_ID=f"made-up-{n}", **_client_cookie(time.time()),
        )
        for n in range(120)
    ]  # fmt: skip
    assert [answer.status_code for answer in tries] == [401] * 100 + [429] * 20
    assert 1 <= int(tries[-1]["Retry-After"]) <= 900
    # A device where the password was right once, and a browser known for an hour, go on.
    known = _login(viewer.email, password, REMOTE_ADDR=TOWER, HTTP_X_DEVICE_TOKEN=token)
    assert known.status_code == 200
    ripe = _client_cookie(time.time() - 3601)
    assert _login(viewer.email, password, REMOTE_ADDR=TOWER, **ripe).status_code == 200
    # One of those has a limit of its own.
    tries = [_login(f"q{n}@example.ug", "x", REMOTE_ADDR=TOWER, **ripe) for n in range(31)]
    assert [answer.status_code for answer in tries] == [401] * 30 + [429]
    # And no other client has another address.
    assert _login(viewer.email, password, REMOTE_ADDR="10.9.9.9").status_code == 200


def test_the_right_password_is_no_failure_of_the_network(password: str, settings: Any) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "login_strangers": "3/900"}
    for user in UserFactory.create_batch(10):
        assert _login(user.email, password, REMOTE_ADDR=TOWER).status_code == 200


def test_an_ipv6_network_is_one_guesser(viewer: User) -> None:
    tries = [
        _login(viewer.email, "wrong", REMOTE_ADDR=f"2c0f:fe38:1:2::{n:x}").status_code
        for n in range(7)
    ]
    assert tries == [401] * 5 + [429] * 2
    assert _login(viewer.email, "wrong", REMOTE_ADDR="2c0f:fe38:1:3::1").status_code == 401


def test_right_passwords_are_no_failures(viewer: User, password: str) -> None:
    start = timezone.now().timestamp()
    for minute in range(12):
        with time_machine.travel(start + minute * 60, tick=False):
            for _ in range(3):
                assert _login(viewer.email, password).status_code == 200


def test_many_at_once_gain_nothing(viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """An attempt counts before its password is looked at."""
    from accounts.services import lock_out

    seen: list[int] = []

    def never_ends(**_: Any) -> User:
        seen.append(1)
        raise SystemExit

    monkeypatch.setattr(lock_out, "user_check_credentials", never_ends)
    for _ in range(8):
        with pytest.raises(SystemExit) if len(seen) < 5 else nullcontext():
            _login(viewer.email, "wrong")
    assert len(seen) == 5


def test_unknown_addresses_are_counted_like_known_ones(viewer: User) -> None:
    def answers(email: str) -> list[tuple[int, bytes]]:
        found: list[Response] = [_login(email, "wrong") for _ in range(7)]
        return [(answer.status_code, answer.content) for answer in found]

    assert answers(viewer.email) == answers("nobody@example.ug")


# ── Known devices ───────────────────────────────────────────────────────────────────────


def test_a_device_token_signs_nobody_in(viewer: User, password: str) -> None:
    token = _device_token(viewer, password)
    before = Session.objects.count()
    wrong = _login(viewer.email, "wrong", HTTP_X_DEVICE_TOKEN=token)
    assert wrong.status_code == 401
    assert APIClient().get(ME, HTTP_X_DEVICE_TOKEN=token).status_code == 401
    assert Session.objects.count() == before


def test_a_known_device_has_limits_too(viewer: User, password: str) -> None:
    token = _device_token(viewer, password)
    tries = [
        _login(viewer.email, "wrong", HTTP_X_DEVICE_TOKEN=token, REMOTE_ADDR=f"10.5.0.{n}")
        for n in range(7)
    ]
    assert [answer.status_code for answer in tries] == [401] * 5 + [429] * 2


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\xff", "z" * 5000])
def test_a_forged_token_is_not_a_known_device(viewer: User, password: str, token: str) -> None:
    _storm(viewer.email, tries=6)
    answer = _login(viewer.email, password, REMOTE_ADDR=TOWER, HTTP_X_DEVICE_TOKEN=token)
    assert answer.status_code == 429


def test_a_token_is_valid_for_its_own_accounts_only(
    viewer: User, stranger: User, password: str
) -> None:
    """Hold both accounts in one token on a shared phone."""
    token = _device_token(stranger, password)
    _storm(viewer.email, tries=6)
    hers = {"REMOTE_ADDR": TOWER, "HTTP_X_DEVICE_TOKEN": token}
    assert _login(viewer.email, password, **hers).status_code == 429
    shared = _login(
        viewer.email, password, REMOTE_ADDR="10.8.8.8", HTTP_X_DEVICE_TOKEN=token
    ).json()["deviceToken"]
    _storm(stranger.email, tries=6)
    for user in (viewer, stranger):
        ours = {"REMOTE_ADDR": TOWER, "HTTP_X_DEVICE_TOKEN": shared}
        assert _login(user.email, password, **ours).status_code == 200


def test_a_new_password_makes_every_device_unknown(viewer: User, password: str) -> None:
    token = _device_token(viewer, password)
    viewer.set_password("another-one-881")
    viewer.save()
    _storm(viewer.email, tries=6)
    device = {"REMOTE_ADDR": TOWER, "HTTP_X_DEVICE_TOKEN": token}
    assert _login(viewer.email, "another-one-881", **device).status_code == 429


def test_a_browser_is_known_by_its_cookie(viewer: User, password: str) -> None:
    form = {"email": viewer.email, "password": password}
    browser = Client(REMOTE_ADDR=TOWER)
    browser.post("/login", form)
    cookie = browser.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert viewer.email not in cookie.value
    browser.post("/logout")
    browser.get("/login")
    _storm(viewer.email, tries=6)
    stranger = Client(REMOTE_ADDR=TOWER).post("/login", form)
    assert "Too many tries" in stranger.content.decode()
    assert (stranger.status_code, 1 <= int(stranger["Retry-After"]) <= 60) == (429, True)
    assert browser.post("/login", form).status_code == 302


# ── Without Redis ───────────────────────────────────────────────────────────────────────


def test_without_redis_nobody_is_locked_out(viewer: User, password: str, settings: Any) -> None:
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    assert _storm(viewer.email, tries=12) == [401] * 12
    assert _login(viewer.email, password, REMOTE_ADDR=TOWER).status_code == 200


def test_a_flushed_redis_only_forgets(viewer: User, password: str) -> None:
    _storm(viewer.email, tries=6)
    cache.delete_pattern("*")  # type: ignore[attr-defined]
    assert _login(viewer.email, password, REMOTE_ADDR=TOWER).status_code == 200
