"""GET and DELETE /api/v1/users/sessions."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.devices import device_name
from accounts.models import Session, SessionKind, User
from accounts.services.sessions import Device, session_start

URL, ME, LOGIN = "/api/v1/users/sessions", "/api/v1/auth/me", "/api/v1/auth/login"
ApiAs = Callable[[User], APIClient]
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_list_says_where_one_is_signed_in(
    api: APIClient, viewer: User, stranger: User, password: str, api_as: ApiAs, settings: Any
) -> None:
    settings.COUNTRY_HEADER = "CF-IPCountry"
    api_as(stranger)
    body = {"email": viewer.email, "password": password}
    here: Any = {"HTTP_USER_AGENT": CHROME, "HTTP_CF_IPCOUNTRY": "ug", "REMOTE_ADDR": "41.75.160.1"}
    token = api.post(LOGIN, body, **here).json()["accessToken"]
    api_as(viewer)
    listed = api.get(URL, HTTP_AUTHORIZATION=f"Bearer {token}").json()
    assert (listed["next"], listed["previous"]) == (None, None)
    other, own = listed["results"]
    assert set(own) == {
        "id", "kind", "device", "place", "ip", "createdAt", "lastSeenAt", "current"
    }  # fmt: skip
    assert own["device"] == "Chrome on Android"
    assert (own["place"], own["ip"], own["current"]) == ("Uganda", "41.75.160.1", True)
    assert (other["device"], other["place"], other["current"]) == ("Unknown device", "", False)


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_costs_the_same_however_long(
    viewer: User, api_as: ApiAs, rows: int, django_assert_num_queries: Any
) -> None:
    phone = api_as(viewer)
    for _ in range(rows - 1):
        session_start(viewer, kind=SessionKind.WEB, device=Device())
    phone.get(URL)
    with django_assert_num_queries(1):  # the sessions
        assert len(phone.get(URL).json()["results"]) == rows


def test_signing_a_device_out(viewer: User, api_as: ApiAs) -> None:
    phone, tv = api_as(viewer), api_as(viewer)
    assert tv.get(ME).status_code == 200
    elsewhere = next(row for row in phone.get(URL).json()["results"] if not row["current"])
    assert phone.delete(f"{URL}/{elsewhere['id']}").status_code == 204
    assert tv.get(ME).status_code == 401
    assert phone.get(ME).status_code == 200
    assert phone.delete(f"{URL}/{elsewhere['id']}").status_code == 404  # it has ended


def test_another_persons_device_is_not_found(viewer: User, stranger: User, api_as: ApiAs) -> None:
    phone, foreign = api_as(viewer), api_as(stranger)
    session = Session.objects.get(user=stranger)
    for session_id in (session.pk, uuid.uuid4(), "no-uuid"):
        answer = phone.delete(f"{URL}/{session_id}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert foreign.get(ME).status_code == 200
    session.refresh_from_db()
    assert session.revoked_at is None


def test_signing_out_all_other_devices(viewer: User, stranger: User, api_as: ApiAs) -> None:
    phone, tv, laptop, foreign = *(api_as(viewer) for _ in range(3)), api_as(stranger)
    for _ in range(2):
        assert phone.delete(URL).status_code == 204
    assert [client.get(ME).status_code for client in (phone, tv, laptop, foreign)] == [
        200, 401, 401, 200,
    ]  # fmt: skip


def test_a_sign_in_is_required(api: APIClient, viewer: User, api_as: ApiAs) -> None:
    api_as(viewer)
    session = Session.objects.get()
    assert api.get(URL).status_code == 401
    assert api.delete(URL).status_code == 401
    assert api.delete(f"{URL}/{session.pk}").status_code == 401
    assert Session.objects.live().count() == 1


def test_use_is_noted_at_most_every_five_minutes(
    viewer: User, api_as: ApiAs, django_assert_num_queries: Any
) -> None:
    phone, start = api_as(viewer), timezone.now()
    phone.get(ME)
    seen = [Session.objects.get().last_seen_at]
    for minutes in (2, 4, 6, 8, 10):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            cache.delete_pattern("*principal*")  # type: ignore[attr-defined]
            assert phone.get(ME).status_code == 200
            with django_assert_num_queries(0):  # a warm request notes nothing
                phone.get(ME)
        seen.append(Session.objects.get().last_seen_at)
    assert len(set(seen)) == 2
    assert timedelta(minutes=6) <= seen[-1] - start < timedelta(minutes=7)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Chrome on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
            "Firefox on Linux",
        ),
        (
            "Opera/9.80 (Android; Opera Mini/36.2/191.246; U; en) Presto/2.12",
            "Opera Mini on Android",
        ),
        ("KushTV/2.1 (Linux; Tizen 6.0)", "KushTV on a Samsung TV"),
        ("okhttp/4.12.0", "okhttp"),
        ("", "Unknown device"),
    ],
)
def test_devices_have_names_people_know(user_agent: str, name: str) -> None:
    assert device_name(given="", user_agent=user_agent) == name
    assert device_name(given="Mum's tablet", user_agent=user_agent) == "Mum's tablet"
