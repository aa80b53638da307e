"""POST /api/v1/auth/register."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import Session, User

URL = "/api/v1/auth/register"
GOOD = {"email": "Joel@Example.ug", "password": "matatu-9931-x", "name": "Joel Okuyo"}

pytestmark = pytest.mark.django_db


def test_a_new_account_is_signed_in(api: APIClient) -> None:
    answer = api.post(URL, GOOD)
    assert answer.status_code == 201
    body = answer.json()
    user = User.objects.get()
    assert body["user"] == {
        "id": str(user.pk),
        "email": "joel@example.ug",
        "name": "Joel Okuyo",
        "role": "USER",
        "emailVerified": False,
        "locale": "en",
        "dateOfBirth": None,
        "avatarUrl": "",
        "subscription": {"plan": "FREE", "until": None},
    }
    assert set(body) == {"user", "accessToken", "refreshToken", "deviceToken"}
    me = api.get("/api/v1/auth/me", HTTP_AUTHORIZATION=f"Bearer {body['accessToken']}")
    assert me.json() == body["user"]
    assert GOOD["password"] not in answer.content.decode() + user.password


def test_an_email_is_taken_in_any_spelling(api: APIClient, user_factory: Any) -> None:
    user_factory(email="joel@example.ug")
    answer = api.post(URL, GOOD)
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert User.objects.count() == 1
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no-at-sign"}, "email"),
        ({"email": 7}, "email"),
        ({"email": ["a@b.ug"]}, "email"),
        ({"email": None}, "email"),
        ({"email": "a\x00@b.ug"}, "email"),
        ({"email": "\ud800@b.ug"}, "email"),
        ({"email": f"{'a' * 300}@b.ug"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"password": "x\x00" * 8}, "password"),
        ({"password": "\ud800" * 12}, "password"),
        ({"password": "x" * 300}, "password"),
        ({"password": {"a": 1}}, "password"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "\udfff"}, "name"),
        ({"name": "n" * 1_000_000}, "name"),
        ({"name": True}, "name"),
    ],
)
def test_faults_are_named_by_field(api: APIClient, change: dict[str, Any], field: str) -> None:
    raw = json.dumps({**GOOD, **change})
    answer = api.post(URL, raw, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "validation_error"
    assert list(answer.json()["fields"]) == [field]
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["email", "password", "name"])
def test_every_field_is_needed(api: APIClient, name: str) -> None:
    answer = api.post(URL, {key: value for key, value in GOOD.items() if key != name})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [name])


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_account() -> None:
    start = Barrier(4)

    def register(_: int) -> int:
        start.wait()
        try:
            return int(APIClient().post(URL, GOOD).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(register, range(4)))
    assert statuses == [201, 409, 409, 409]
    assert User.objects.count() == 1


@pytest.mark.usefixtures("fresh_window")
def test_a_crowd_behind_one_address_registers(api: APIClient, settings: Any) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "register": "2/3600"}
    statuses = [
        api.post(URL, {**GOOD, "email": f"p{n}@b.ug"}, HTTP_X_DEVICE_ID=f"phone-{n}").status_code
        for n in range(52)
    ]
    assert statuses == [201] * 50 + [429] * 2
