"""Concurrent password hashes, at most as many as a process has slots."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import Session, User
from accounts.services import password_hashing
from tests.factories import UserFactory

LOGIN = "/api/v1/auth/login"

pytestmark = pytest.mark.django_db(transaction=True)


class Gauge:
    """Replacement of Django's check of a hash that records the most concurrent calls."""

    def __init__(self) -> None:
        self.most = self._now = 0
        self._lock = threading.Lock()

    def check(self, *_: Any) -> bool:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(0.1)
        with self._lock:
            self._now -= 1
        return True


@pytest.fixture
def gauge(monkeypatch: pytest.MonkeyPatch) -> Gauge:
    gauge = Gauge()
    monkeypatch.setattr(password_hashing, "_matches", gauge.check)
    return gauge


@pytest.fixture
def people() -> list[User]:
    return UserFactory.create_batch(6)


def _sign_in(person: User, password: str) -> Any:
    try:
        return APIClient().post(LOGIN, {"email": person.email, "password": password})
    finally:
        connection.close()


def _all_at_once(people: list[User], password: str) -> list[Any]:
    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(lambda person: _sign_in(person, password), people))


def test_passwords_are_hashed_one_at_a_time(
    gauge: Gauge, people: list[User], password: str
) -> None:
    assert [answer.status_code for answer in _all_at_once(people, password)] == [200] * 6
    assert gauge.most == 1


def test_without_the_slots_all_hashes_run_at_once(
    gauge: Gauge, people: list[User], password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(password_hashing, "_slot", nullcontext)
    _all_at_once(people, password)
    assert gauge.most > 1


def test_who_waits_too_long_is_told_when_to_come_back(
    viewer: User, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_hashing, "LONGEST_WAIT_SECONDS", 0.01)
    with password_hashing._slot():
        answer = _sign_in(viewer, password)
        body = {"email": "n@example.ug", "password": password, "name": "Nakato"}
        registered = APIClient().post("/api/v1/auth/register", body)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (
        503, "unavailable", "5",
    )  # fmt: skip
    assert registered.status_code == 503
    assert (Session.objects.count(), User.objects.count()) == (0, 1)
    assert _sign_in(viewer, password).status_code == 200  # what was refused was no failure
