"""Second factor: set-up by API, and sign-in with codes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pyotp
import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditLog, Session, Totp, User
from accounts.tests.authenticator import Authenticator

LOGIN, TOTP, CONFIRM = "/api/v1/auth/login", "/api/v1/users/totp", "/api/v1/users/totp/confirm"
ApiAs = Callable[[User], APIClient]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_window")]


@pytest.fixture
def app(viewer: User, password: str, time_machine: Any) -> Authenticator:
    return Authenticator(viewer, password, time_machine)


def login(user: User, password: str, code: str | None = None) -> tuple[int, dict[str, Any]]:
    body = {"email": user.email, "password": password}
    # A fresh address each time: this is not about the password's own limit.
    login.calls = getattr(login, "calls", 0) + 1  # type: ignore[attr-defined]
    answer = APIClient(REMOTE_ADDR=f"10.9.8.{login.calls % 250}").post(  # type: ignore[attr-defined]
        LOGIN, body if code is None else {**body, "code": code}
    )
    return answer.status_code, answer.json()


def test_setting_up_and_signing_in(
    viewer: User, password: str, api_as: ApiAs, time_machine: Any
) -> None:
    phone = api_as(viewer)
    answer = phone.post(TOTP, {"password": password})
    begun = answer.json()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert begun["otpauthUri"].startswith("otpauth://totp/Kush%20Films:")
    assert begun["secret"] not in str(Totp.objects.values().get())
    assert login(viewer, password)[0] == 200  # it does not count before it is confirmed

    app = pyotp.TOTP(begun["secret"])
    codes = phone.post(CONFIRM, {"code": app.now()}).json()["recoveryCodes"]
    assert len(set(codes)) == 10
    assert codes[0] not in str(Totp.objects.values().get())
    assert login(viewer, password)[1]["code"] == "totp_required"
    assert login(viewer, "wrong", app.now())[1]["code"] == "invalid_credentials"
    time_machine.move_to(timezone.now() + timedelta(seconds=30))
    assert login(viewer, password, app.now())[0] == 200
    assert Session.objects.filter(second_factor=True).count() == 2  # here, and where it was set up


def test_a_code_is_good_once(viewer: User, password: str, app: Authenticator) -> None:
    code = app.next()
    assert login(viewer, password, f" {code[:3]} {code[3:]} ")[0] == 200
    assert login(viewer, password, code)[1]["code"] == "totp_invalid"


def test_clocks_may_be_half_a_minute_off_and_no_more(
    viewer: User, password: str, app: Authenticator, time_machine: Any
) -> None:
    code = app.next()
    time_machine.shift(60)
    assert login(viewer, password, code)[1]["code"] == "totp_invalid"
    code = app.next()
    time_machine.shift(30)
    assert login(viewer, password, code)[0] == 200


def test_a_recovery_code_is_good_once(viewer: User, password: str, app: Authenticator) -> None:
    code = app.recovery_codes[3]
    assert login(viewer, password, code.upper().replace("-", " "))[0] == 200
    assert login(viewer, password, code)[1]["code"] == "totp_invalid"
    assert len(Totp.objects.get().recovery_code_hashes) == 9


def test_guessing_ends_after_five_tries_for_this_account_only(
    viewer: User, stranger: User, password: str, app: Authenticator, time_machine: Any
) -> None:
    other = Authenticator(stranger, password, time_machine)
    for _ in range(5):
        assert login(viewer, password, app.wrong())[1]["code"] == "totp_invalid"
    status, body = login(viewer, password, app.next())
    assert (status, body["code"]) == (429, "totp_locked")
    time_machine.shift(10 * 60)
    late = APIClient().post(LOGIN, {"email": viewer.email, "password": password, "code": "000000"})
    assert late.status_code == 429
    assert 0 < int(late["Retry-After"]) <= 5 * 60  # what is left, not all of it again
    assert "quarter" not in late.json()["message"]
    assert login(stranger, password, other.next())[0] == 200
    time_machine.shift(5 * 60)
    assert login(viewer, password, app.next())[0] == 200


def test_wrong_passwords_do_not_use_up_tries_of_codes(
    viewer: User, password: str, app: Authenticator
) -> None:
    for _ in range(10):
        login(viewer, "wrong", "000000")
    assert login(viewer, password, app.next())[0] == 200


def test_set_up_needs_the_password(viewer: User, api_as: ApiAs, password: str) -> None:
    phone = api_as(viewer)
    wrong = phone.post(TOTP, {"password": "wrong"})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["password"])
    assert phone.post(CONFIRM, {"code": "123456"}).json()["code"] == "totp_not_begun"
    for _ in range(4):
        phone.post(TOTP, {"password": "wrong"})
    assert phone.post(TOTP, {"password": password}).status_code == 429
    assert not Totp.objects.filter(confirmed_at__isnull=False).exists()


def test_removal_needs_password_and_code(
    viewer: User, password: str, api_as: ApiAs, app: Authenticator
) -> None:
    phone = api_as(viewer)
    for body in ({"password": "wrong", "code": app.next()}, {"password": password, "code": "1"}):
        assert phone.delete(TOTP, body).status_code == 400
    assert Totp.objects.exists()
    assert phone.post(TOTP, {"password": password}).json()["code"] == "totp_on"
    assert phone.delete(TOTP, {"password": password, "code": app.next()}).status_code == 204
    assert not Totp.objects.exists()
    assert not Session.objects.filter(second_factor=True).exists()
    assert login(viewer, password)[0] == 200
    assert phone.delete(TOTP, {"password": password, "code": "1"}).json()["code"] == "totp_off"


@pytest.mark.parametrize("code", ["\x00", "9" * 61, 7, {"a": 1}, [], "١٢٣٤٥٦", "🦒", "-1"])
def test_invalid_input_is_a_client_error(
    viewer: User, password: str, app: Authenticator, code: Any
) -> None:
    assert login(viewer, password, code)[0] in {400, 401}
    assert not Session.objects.filter(second_factor=True).count() > 1


def test_recovery_codes_work_after_a_changed_key(
    viewer: User, password: str, app: Authenticator, settings: Any
) -> None:
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-" * 6
    assert login(viewer, password, app.next())[1]["code"] == "totp_invalid"
    assert login(viewer, password, app.recovery_codes[0])[0] == 200
    settings.SECRET_KEY_FALLBACKS = [old]
    assert login(viewer, password, app.next())[0] == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "paper"])
def test_one_code_twice_at_once_signs_in_once(
    viewer: User, password: str, app: Authenticator, kind: str
) -> None:
    code = app.next() if kind == "app" else app.recovery_codes[0]
    gate = Barrier(4)

    def sign_in(_: int) -> int:
        gate.wait()
        try:
            return login(viewer, password, code)[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(sign_in, range(4))) == [200, 401, 401, 401]


# ── Staff ───────────────────────────────────────────────────────────────────────────────

UPLOAD = "/api/v1/admin/videos/upload-url"


def test_staff_must_set_it_up_before_anything(
    admin: User, viewer: User, password: str, api_as: ApiAs, settings: Any, time_machine: Any
) -> None:
    phone = api_as(admin)
    assert phone.post(UPLOAD, {}).status_code == 400  # allowed, and the body is nonsense
    settings.STAFF_TOTP_REQUIRED = True
    refused = phone.post(UPLOAD, {})
    assert (refused.status_code, refused.json()["code"]) == (403, "totp_setup_required")
    assert api_as(viewer).post(UPLOAD, {}).json()["code"] == "forbidden"

    app = Authenticator(admin, password, time_machine)
    assert phone.post(UPLOAD, {}).json()["code"] == "totp_required"
    token = login(admin, password, app.next())[1]["accessToken"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert APIClient().post(UPLOAD, {}, headers=bearer).status_code == 400
    assert AuditLog.objects.get(action="user.totp_on").actor_id == admin.pk
