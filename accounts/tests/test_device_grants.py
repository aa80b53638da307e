"""POST /api/v1/auth/device/code and /token: the TV's side of RFC 8628."""

import json
import re
import time
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import DeviceGrant, DeviceGrantState, Session, User
from accounts.services import device_grants
from accounts.services.device_grants import device_grant_answer
from accounts.services.known_devices import device_new
from accounts.services.moderation import user_ban
from tests.concurrency import at_once

CODE, TOKEN, ME = "/api/v1/auth/device/code", "/api/v1/auth/device/token", "/api/v1/auth/me"
TIZEN = "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0)"

pytestmark = pytest.mark.django_db


def start(api: APIClient, **body: Any) -> dict[str, Any]:
    answer = api.post(CODE, body, HTTP_USER_AGENT=TIZEN)
    assert answer.status_code == 200, answer.content
    started: dict[str, Any] = answer.json()
    return started


def ask(api: APIClient, started: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = api.post(TOKEN, {"device_code": started["device_code"]})
    return answer.status_code, answer.json()


def approve(started: dict[str, Any], user: User) -> None:
    code = started["user_code"]
    device_grant_answer(code, approve=True, user_id=user.pk, now=timezone.now())


def test_the_codes_of_a_tv(api: APIClient) -> None:
    answer = api.post(CODE, {}, HTTP_USER_AGENT=TIZEN)
    started = answer.json()
    assert answer["Cache-Control"] == "no-store"
    assert re.fullmatch("[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}", started["user_code"])
    assert started["verification_uri"].endswith("/tv")
    complete = f"{started['verification_uri']}?code={started['user_code']}"
    assert started["verification_uri_complete"] == complete
    assert (started["expires_in"], started["interval"]) == (900, 5)
    row = DeviceGrant.objects.get()
    assert row.device_name == "Samsung TV"
    assert started["device_code"] not in str(DeviceGrant.objects.values().get())
    assert len(device_grants.ALPHABET) ** device_grants.CODE_LENGTH >= 20**8


def test_pending_then_the_same_as_a_login_then_never_again(
    api: APIClient, viewer: User, time_machine: Any
) -> None:
    started = start(api, deviceName="Sitting\x07 room")
    status, body = ask(api, started)
    assert (status, body["error"], body["code"]) == (400, *["authorization_pending"] * 2)
    approve(started, viewer)
    status, body = ask(api, started)
    assert (status, set(body)) == (200, {"user", "accessToken", "refreshToken", "deviceToken"})
    bearer = {"Authorization": f"Bearer {body['accessToken']}"}
    assert api.get(ME, headers=bearer).json()["id"] == str(viewer.pk) == body["user"]["id"]
    session = Session.objects.get()
    assert (session.kind, session.device_name) == ("API", "Sitting room")
    assert session.user_agent == TIZEN
    assert (ask(api, started)[0], ask(api, started)[1]["error"]) == (400, "invalid_grant")
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Your own TV. Kush Films support asks you to press Yes", "Samsung TV"),
        ("Aisha's LG in the bedroom", "LG TV"),
        ("the Living-Room", "Living room"),
        ("\u202eVT gnimoc", "Samsung TV"),
    ],
)
@pytest.mark.parametrize("how", ["deviceName", "X-Device-Name"])
def test_a_tv_is_shown_under_a_name_of_our_list(
    api: APIClient, viewer: User, site_as: Any, given: str, shown: str, how: str
) -> None:
    """Show only listed names, as a TV could name itself to trick the person who approves it."""
    body = {"deviceName": given} if how == "deviceName" else {}
    headers = {} if body else {"X-Device-Name": given.encode("ascii", "ignore").decode()}
    started = api.post(CODE, body, HTTP_USER_AGENT=TIZEN, headers=headers).json()
    page = site_as(viewer).get("/tv", {"code": started["user_code"]}).content.decode()
    assert shown in page
    assert "support asks" not in page
    assert "If someone sent you this link, don't allow it." in page
    assert DeviceGrant.objects.get().device_name == shown


def test_asking_too_often_makes_the_interval_grow(
    api: APIClient, viewer: User, time_machine: Any
) -> None:
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    started = start(api)
    assert ask(api, started)[1]["error"] == "authorization_pending"
    _, body = ask(api, started)
    assert (body["error"], body["interval"]) == ("slow_down", 10)
    time_machine.move_to(now + timedelta(seconds=6), tick=False)
    _, body = ask(api, started)
    assert (body["error"], body["interval"]) == ("slow_down", 15)
    time_machine.move_to(now + timedelta(seconds=21), tick=False)
    assert ask(api, started)[1]["error"] == "authorization_pending"
    approve(started, viewer)
    assert ask(api, started)[0] == 200


def test_denied_expired_and_unknown_codes(api: APIClient, viewer: User, time_machine: Any) -> None:
    denied, late = start(api), start(api)
    now = timezone.now()
    device_grant_answer(denied["user_code"], approve=False, user_id=viewer.pk, now=now)
    assert ask(api, denied)[1]["error"] == "access_denied"
    approve(late, viewer)
    time_machine.move_to(now + timedelta(minutes=15, seconds=1))
    assert ask(api, late)[1]["error"] == "expired_token"
    assert ask(api, {"device_code": "x" * 43})[1]["error"] == "invalid_grant"
    assert not Session.objects.exists()


def test_a_ban_in_between_keeps_the_tv_out(api: APIClient, viewer: User) -> None:
    started = start(api)
    approve(started, viewer)
    user_ban(viewer, reason="Fraud")
    assert ask(api, started)[1]["error"] == "access_denied"
    assert not Session.objects.exists()
    assert DeviceGrant.objects.get().state == DeviceGrantState.APPROVED


@pytest.mark.django_db(transaction=True)
def test_a_ban_ends_the_tv_like_any_session(api: APIClient, viewer: User) -> None:
    started = start(api)
    approve(started, viewer)
    bearer = {"Authorization": f"Bearer {ask(api, started)[1]['accessToken']}"}
    assert api.get(ME, headers=bearer).status_code == 200
    user_ban(viewer, reason="Fraud")
    assert api.get(ME, headers=bearer).status_code == 401


def test_oauth_clients_send_forms(api: APIClient, viewer: User) -> None:
    form = "application/x-www-form-urlencoded"
    started = api.post(CODE, "client_id=tv", content_type=form).json()
    approve(started, viewer)
    sent = f"device_code={started['device_code']}&client_id=tv&grant_type="
    wrong = api.post(TOKEN, f"{sent}password", content_type=form)
    assert (wrong.status_code, wrong.json()["error"]) == (400, "unsupported_grant_type")
    right = "urn:ietf:params:oauth:grant-type:device_code"
    assert api.post(TOKEN, sent + right, content_type=form).status_code == 200


@pytest.mark.parametrize(
    "body",
    [{}, {"device_code": ""}, {"device_code": None}, {"device_code": "a\x00b"},
     {"device_code": "\ud800"}, {"device_code": "x" * 10_000}, {"device_code": {"a": 1}}],
)  # fmt: skip
def test_invalid_input_is_a_client_error(api: APIClient, body: dict[str, Any]) -> None:
    raw, json_type = json.dumps(body), "application/json"
    assert api.post(TOKEN, raw, content_type=json_type).status_code == 400
    name = raw.replace("device_code", "deviceName")
    assert api.post(CODE, name, content_type=json_type).status_code in {200, 400}


@pytest.mark.usefixtures("fresh_window")
def test_grants_of_one_client_are_limited(api: APIClient, settings: Any) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "device_code": "1/900"}
    settings.THROTTLE_CEILINGS = {"strangers": 3, "network": 5}
    statuses = [api.post(CODE, {}, HTTP_X_DEVICE_ID=f"tv-{n}").status_code for n in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert DeviceGrant.objects.count() == 3
    with time_machine.travel(time.time() - 3600):
        tv: dict[str, Any] = {"HTTP_X_DEVICE_TOKEN": device_new()}
    assert [api.post(CODE, {}, **tv).status_code for _ in range(2)] == [200, 429]


# ── Two requests with one code at once ──────────────────────────────────────────────────


def redeem_at_once(started: dict[str, Any]) -> list[int]:
    return sorted(at_once(lambda _: ask(APIClient(), started)[0], range(4)))


@pytest.mark.django_db(transaction=True)
def test_a_code_is_redeemed_once(api: APIClient, viewer: User) -> None:
    started = start(api)
    approve(started, viewer)
    assert redeem_at_once(started) == [200, 400, 400, 400]
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_swap_a_code_is_redeemed_several_times(
    api: APIClient, viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: reading, then writing without comparing, makes several sessions of one code."""
    inside = Barrier(4)

    def careless(grant: DeviceGrant) -> bool:
        inside.wait()
        grant.state = DeviceGrantState.REDEEMED
        grant.save(update_fields=["state"])
        return True

    monkeypatch.setattr(device_grants, "_swap_to_redeemed", careless)
    started = start(api)
    approve(started, viewer)
    assert redeem_at_once(started) == [200, 200, 200, 200]
    assert Session.objects.count() == 4
