"""PUT /api/v1/users/password."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import Session, User

URL, ME = "/api/v1/users/password", "/api/v1/auth/me"
NEW = "boda-boda-7712"
ApiAs = Callable[[User], APIClient]
RunJobs = Callable[[], int]

pytestmark = pytest.mark.django_db


def test_a_new_password_signs_out_everywhere_else(
    viewer: User, api_as: ApiAs, password: str, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    phone, other = api_as(viewer), api_as(viewer)
    answer = phone.put(URL, {"currentPassword": password, "newPassword": NEW})
    assert (answer.status_code, set(answer.json())) == (200, {"deviceToken"})
    assert phone.get(ME).status_code == 200
    assert other.get(ME).status_code == 401
    assert User.objects.get().check_password(NEW)
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [[viewer.email]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"currentPassword": "wrong", "newPassword": NEW}, "currentPassword"),
        ({"newPassword": NEW}, "currentPassword"),
        ({"currentPassword": None}, "newPassword"),
        ({"currentPassword": "right", "newPassword": "short"}, "newPassword"),
        ({"currentPassword": "right", "newPassword": "n\x00" * 8}, "newPassword"),
        ({"currentPassword": "right", "newPassword": ["x"]}, "newPassword"),
        ({"currentPassword": "right", "newPassword": "x" * 257}, "newPassword"),
    ],
)
def test_invalid_input_changes_nothing(
    viewer: User,
    api_as: ApiAs,
    password: str,
    body: dict[str, Any],
    field: str,
    run_jobs: RunJobs,
    mailoutbox: list[Any],
) -> None:
    if body.get("currentPassword") == "right":
        body = {**body, "currentPassword": password}
    phone, _ = api_as(viewer), api_as(viewer)
    answer = phone.put(URL, body)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert User.objects.get().check_password(password)
    assert Session.objects.live().count() == 2
    run_jobs()
    assert mailoutbox == []


def test_a_sign_in_is_required(api: APIClient, viewer: User, password: str) -> None:
    answer = api.put(URL, {"currentPassword": password, "newPassword": NEW})
    assert answer.status_code == 401
    assert User.objects.get().check_password(password)


@pytest.mark.usefixtures("fresh_window")
def test_guesses_in_a_stolen_session_are_limited(
    viewer: User, api_as: ApiAs, password: str
) -> None:
    phone = api_as(viewer)
    for _ in range(5):
        assert phone.put(URL, {"currentPassword": "no", "newPassword": NEW}).status_code == 400
    refused = phone.put(URL, {"currentPassword": password, "newPassword": NEW})
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 300
    assert User.objects.get().check_password(password)
