"""GET and PUT /api/v1/users/profile and /api/v1/users/preferences."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User

URL, PREFERENCES = "/api/v1/users/profile", "/api/v1/users/preferences"
ApiAs = Callable[[User], APIClient]
RunJobs = Callable[[], int]

pytestmark = pytest.mark.django_db


def _state(user: User) -> dict[str, Any]:
    return dict(User.objects.filter(pk=user.pk).values().get())


@pytest.mark.django_db(transaction=True)
def test_people_change_what_they_send(viewer: User, api_as: ApiAs) -> None:
    phone = api_as(viewer)
    before = phone.get(URL).json()
    answer = phone.put(URL, {"name": " Akello ", "locale": "lg", "dateOfBirth": "1999-10-09"})
    assert answer.status_code == 200
    assert answer.json() == {
        **before, "name": "Akello", "locale": "lg", "dateOfBirth": "1999-10-09"
    }  # fmt: skip
    assert phone.get("/api/v1/auth/me").json() == phone.get(URL).json() == answer.json()
    assert phone.put(URL, {"dateOfBirth": None}).json()["dateOfBirth"] is None
    assert phone.get(URL).json()["name"] == "Akello"


def test_a_sign_in_is_required(api: APIClient) -> None:
    for url in (URL, PREFERENCES):
        assert api.get(url).status_code == 401
        assert api.put(url, {}).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "n" * 1_000_000}, "name"),
        ({"locale": "xx"}, "locale"),
        ({"locale": ["en"]}, "locale"),
        ({"dateOfBirth": "2999-01-01"}, "dateOfBirth"),
        ({"dateOfBirth": "1899-12-31"}, "dateOfBirth"),
        ({"dateOfBirth": "9-10-1999"}, "dateOfBirth"),
        ({"email": "no-at-sign"}, "email"),
        ({"email": "a\x00@b.ug"}, "email"),
        ({"email": "new@b.ug"}, "password"),
        ({"email": "new@b.ug", "password": "wrong"}, "password"),
        ({"name": "Half", "email": "new@b.ug", "password": "wrong"}, "password"),
    ],
)
def test_invalid_input_changes_nothing(
    viewer: User,
    api_as: ApiAs,
    body: dict[str, Any],
    field: str,
    run_jobs: RunJobs,
    mailoutbox: list[Any],
) -> None:
    phone, before = api_as(viewer), _state(viewer)
    answer = phone.generic("PUT", URL, json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    run_jobs()
    after = _state(viewer)
    assert {**after, "last_login_at": 0, "updated_at": 0} == {
        **before, "last_login_at": 0, "updated_at": 0
    }  # fmt: skip
    assert mailoutbox == []


# ── Another e-mail ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "email", ["person@example.ug", "PERSON@example.ug", "\uff50\uff45rson@example.ug"]
)
def test_an_address_of_another_account_is_refused(
    viewer: User, stranger: User, api_as: ApiAs, password: str, email: str,
    run_jobs: RunJobs, mailoutbox: list[Any],
) -> None:  # fmt: skip
    User.objects.filter(pk=stranger.pk).update(email="person@example.ug")
    answer = api_as(viewer).put(URL, {"email": email, "password": password})
    assert answer.status_code in {400, 409}
    run_jobs()
    assert User.objects.get(pk=viewer.pk).email == viewer.email
    assert mailoutbox == []


def test_ones_own_address_in_capitals_is_no_change(
    viewer: User, api_as: ApiAs, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    User.objects.update(email_verified=True)
    answer = api_as(viewer).put(URL, {"email": viewer.email.upper()})
    assert (answer.status_code, answer.json()["emailVerified"]) == (200, True)
    run_jobs()
    assert mailoutbox == []


def test_a_person_deleted_since_is_signed_out(viewer: User, api_as: ApiAs) -> None:
    phone = api_as(viewer)
    phone.get(URL)
    User.objects.all().delete()
    assert phone.put(URL, {"name": "Ghost"}).status_code == 401
    assert phone.get(PREFERENCES).status_code == 401


# ── Preferences ─────────────────────────────────────────────────────────────────────────


def test_people_choose_what_comes_by_mail(viewer: User, api_as: ApiAs) -> None:
    phone = api_as(viewer)
    assert "PAYMENT_FAILED" in phone.get(PREFERENCES).json()["emailedTypes"]
    chosen = ["COMMENT_REPLY", "NEW_CONTENT", "COMMENT_REPLY"]
    answer = phone.put(PREFERENCES, {"emailedTypes": chosen})
    assert answer.json() == {"emailedTypes": ["NEW_CONTENT", "COMMENT_REPLY"]}
    assert phone.get(PREFERENCES).json() == answer.json()
    assert phone.put(PREFERENCES, {"emailedTypes": []}).json() == {"emailedTypes": []}


@pytest.mark.parametrize("types", [None, "SYSTEM", ["NO_SUCH"], [["SYSTEM"]], ["SYSTEM"] * 21])
def test_invalid_preferences_are_refused(viewer: User, api_as: ApiAs, types: object) -> None:
    before = _state(viewer)["emailed_types"]
    assert api_as(viewer).put(PREFERENCES, {"emailedTypes": types}).status_code == 400
    assert _state(viewer)["emailed_types"] == before


@pytest.mark.django_db(transaction=True)
def test_the_cached_profile_equals_the_row(viewer: User, api_as: ApiAs) -> None:
    """Read `auth/me` without a query; every change of the row drops the cached copy."""
    api, me = api_as(viewer), "/api/v1/auth/me"
    assert api.get(me).json() == api.get("/api/v1/users/profile").json()
    changes = {"name": "Aisha N", "locale": "lg", "dateOfBirth": "2001-05-17"}
    assert api.put("/api/v1/users/profile", changes).status_code == 200
    known = api.get(me).json()
    assert {**known, **changes} == known
    assert known == api.get("/api/v1/users/profile").json()
