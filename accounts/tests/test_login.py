"""POST /api/v1/auth/login."""

from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Session, User
from accounts.services.moderation import user_ban
from accounts.services.people import user_by_email

URL = "/api/v1/auth/login"

pytestmark = pytest.mark.django_db


def test_the_right_password_signs_in(api: APIClient, viewer: User, password: str) -> None:
    answer = api.post(
        URL,
        {"email": viewer.email.upper(), "password": password},
        HTTP_X_DEVICE_NAME="Tecno\x07 Spark",
        HTTP_USER_AGENT="KushTV/1",
    )
    assert answer.status_code == 200
    assert answer.json()["user"]["id"] == str(viewer.pk)
    session = Session.objects.get()
    assert (session.user, session.kind, session.device_name) == (viewer, "API", "Tecno Spark")
    assert session.user_agent == "KushTV/1"


def test_unknown_and_wrong_have_the_same_response(api: APIClient, viewer: User) -> None:
    wrong = api.post(URL, {"email": viewer.email, "password": "not-this-one"})
    unknown = api.post(URL, {"email": "nobody@b.ug", "password": "not-this-one"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "invalid_credentials"
    assert not Session.objects.exists()


def test_the_banned_learn_why_after_the_right_password(
    api: APIClient, viewer: User, password: str
) -> None:
    user_ban(viewer, reason="Shared one account with a village.")
    wrong = api.post(URL, {"email": viewer.email, "password": "not-this-one"})
    right = api.post(URL, {"email": viewer.email, "password": password})
    assert wrong.status_code == 401
    assert (right.status_code, right.json()["code"]) == (403, "banned")
    assert "village" in right.json()["message"]
    assert not Session.objects.exists()


@pytest.mark.usefixtures("fresh_window")
def test_guessing_is_slowed_for_one_account_only(
    api: APIClient, viewer: User, stranger: User, password: str
) -> None:
    spellings = [viewer.email, viewer.email.upper(), f" {viewer.email}", viewer.email, viewer.email]
    for email in spellings:
        assert api.post(URL, {"email": email, "password": "wrong"}).status_code == 401
    locked = api.post(URL, {"email": viewer.email, "password": password})
    assert (locked.status_code, locked.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(locked["Retry-After"]) <= 60
    other = api.post(URL, {"email": stranger.email, "password": password})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"null", 400),
        (b"7", 400),
        (b"\xff\xfe", 400),
        (b'{"email": NaN}', 400),
        (b'{"email": ' + b"9" * 5000 + b"}", 400),
        (b"[" * 200_000, 400),
        (b'{"email": "\\ud800", "password": "\\udfff"}', 400),
        (b'{"email": "a\\u0000b", "password": "c"}', 400),
        (b'"' + b"a" * (3 * 1024 * 1024) + b'"', 413),
    ],
)
def test_invalid_input_is_a_client_error(api: APIClient, raw: bytes, status: int) -> None:
    answer = api.post(URL, raw, content_type="application/json")
    assert answer.status_code == status
    assert {"error", "code", "message"} <= set(answer.json())


def test_other_types_and_methods(api: APIClient) -> None:
    form = api.post(URL, "a=b", content_type="application/x-www-form-urlencoded")
    assert (form.status_code, form.json()["code"]) == (415, "unsupported_media_type")
    charset = api.post(URL, b"{}", content_type="application/json; charset=base64")
    assert charset.status_code == 400
    get = api.get(URL)
    assert (get.status_code, get.json()["code"]) == (405, "method_not_allowed")


def test_a_stale_token_does_not_stop_a_sign_in(
    api: APIClient, viewer: User, password: str, settings: Any
) -> None:
    body = {"email": viewer.email, "password": password}
    assert api.post(URL, body, HTTP_AUTHORIZATION="Bearer stale").status_code == 200


@pytest.mark.usefixtures("real_hashing")
def test_an_unknown_email_costs_what_a_known_one_does(
    api: APIClient, viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer.password = make_password("another-one-7712")
    viewer.save()
    hashed: list[str] = []
    for name in ("encode", "verify"):
        done = getattr(Argon2PasswordHasher, name)

        def count(self: Any, *args: Any, _done: Any = done, _name: str = name) -> Any:
            hashed.append(_name)
            return _done(self, *args)

        monkeypatch.setattr(Argon2PasswordHasher, name, count)
    with CaptureQueriesContext(connection) as known:
        api.post(URL, {"email": viewer.email, "password": "wrong"})
    assert hashed == ["verify"]
    with CaptureQueriesContext(connection) as unknown:
        api.post(URL, {"email": "nobody@b.ug", "password": "wrong"})
    assert hashed == ["verify", "encode"]
    assert len(known) == len(unknown)


def test_people_are_found_by_the_only_index_on_addresses(viewer: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    with CaptureQueriesContext(connection) as asked:
        assert user_by_email(viewer.email.upper()) == viewer
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked[0]['sql']}")
        plan = str(cursor.fetchall())
    assert "Index Scan using email_is_unique_whatever_its_case" in plan
