"""Approval of a TV on a phone, and the TV's screen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import DeviceGrant, DeviceGrantState, Session, User
from accounts.services.device_grants import code_show, device_grant_start
from accounts.services.sessions import Device

SiteAs = Callable[[User], Client]
SCRIPT = {"Accept": "application/json"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant() -> DeviceGrant:
    device = Device(ip="41.210.3.4", name="Samsung TV")
    return device_grant_start(device, now=timezone.now()).row


def state(grant: DeviceGrant) -> tuple[str, Any]:
    grant.refresh_from_db()
    return grant.state, grant.user_id


def test_a_visitor_signs_in_first_and_keeps_the_code(
    client: Client, viewer: User, password: str, grant: DeviceGrant
) -> None:
    answer = client.get(f"/tv?code={grant.user_code}")
    assert answer["Location"] == f"/login?next=/tv%3Fcode%3D{grant.user_code}"
    form = {"email": viewer.email, "password": password, "next": f"/tv?code={grant.user_code}"}
    page = client.post("/login", form, follow=True).content.decode()
    assert "Allow this TV?" in page
    anonymous = Client().post("/tv", {"code": grant.user_code, "answer": "approve"})
    assert anonymous["Location"] == "/login?next=/tv"
    assert state(grant) == ("PENDING", None)


def test_it_shows_device_network_and_time(
    viewer: User, site_as: SiteAs, grant: DeviceGrant
) -> None:
    typed = f" {code_show(grant.user_code).lower()} "
    page = site_as(viewer).get("/tv", {"code": typed}).content.decode()
    for part in ("Samsung TV", "41.210.x.x", "now", code_show(grant.user_code)):
        assert part in page
    assert "41.210.3.4" not in page
    assert state(grant) == ("PENDING", None)


def test_approval_is_idempotent(viewer: User, site_as: SiteAs, grant: DeviceGrant) -> None:
    phone = site_as(viewer)
    for _ in range(2):
        answer = phone.post("/tv", {"code": grant.user_code, "answer": "approve"})
        assert answer["Location"] == "/tv/approved"
    assert state(grant) == ("APPROVED", viewer.pk)
    assert "signing in" in phone.get("/tv/approved").content.decode()


def test_a_denial_is_final(viewer: User, site_as: SiteAs, grant: DeviceGrant) -> None:
    phone = site_as(viewer)
    answer = phone.post("/tv", {"code": grant.user_code, "answer": "deny"})
    assert answer["Location"] == "/tv/denied"
    late = phone.post("/tv", {"code": grant.user_code, "answer": "approve"})
    assert late.status_code == 404
    assert state(grant)[0] == DeviceGrantState.DENIED


def test_another_persons_approval_is_not_taken_over(
    viewer: User, stranger: User, site_as: SiteAs, grant: DeviceGrant
) -> None:
    site_as(viewer).post("/tv", {"code": grant.user_code, "answer": "approve"})
    for answer in ("approve", "deny"):
        late = site_as(stranger).post("/tv", {"code": grant.user_code, "answer": answer})
        assert late.status_code == 404
    assert state(grant) == ("APPROVED", viewer.pk)


@pytest.mark.parametrize(
    "typed", ["AEIO-UYAE", "BCDF", "BCDF-GHJ0", "\x00" * 8, "B" * 100_000, "🦒"]
)
def test_an_invalid_code_shows_an_error(viewer: User, site_as: SiteAs, typed: str) -> None:
    phone = site_as(viewer)
    assert phone.get("/tv", {"code": typed[:5000]}).status_code == 404
    posted = phone.post("/tv", {"code": typed, "answer": "approve"})
    assert (posted.status_code, b"No TV has this code" in posted.content) == (404, True)
    assert phone.post("/tv", {"code": typed}).status_code == 302


def test_an_expired_code_shows_an_error(
    viewer: User, site_as: SiteAs, grant: DeviceGrant, time_machine: Any
) -> None:
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    answer = site_as(viewer).post("/tv", {"code": grant.user_code, "answer": "approve"})
    assert answer.status_code == 404
    assert state(grant) == ("PENDING", None)


@pytest.mark.usefixtures("fresh_window")
def test_guessing_ends_after_twenty_tries(
    viewer: User, stranger: User, site_as: SiteAs, grant: DeviceGrant
) -> None:
    phone, neighbour = site_as(viewer), site_as(stranger)
    for _ in range(20):
        assert phone.get("/tv?code=BBBB-BBBB").status_code == 404
    for answer in (
        phone.get("/tv", {"code": grant.user_code}),
        phone.post("/tv", {"code": grant.user_code, "answer": "approve"}),
    ):
        assert (answer.status_code, b"Too many codes" in answer.content) == (429, True)
        assert 1 <= int(answer["Retry-After"]) <= 900
    assert state(grant) == ("PENDING", None)
    assert neighbour.get(f"/tv?code={grant.user_code}").status_code == 200


def test_many_accounts_of_one_network_guess_no_further(
    viewer: User, stranger: User, site_as: SiteAs, grant: DeviceGrant, settings: Any
) -> None:
    settings.THROTTLE_CEILINGS = {"strangers": 1, "network": 1}
    phone, neighbour = site_as(viewer), site_as(stranger)
    for _ in range(20):
        phone.get("/tv?code=BBBB-BBBB", headers={"User-Agent": "Bot"})
    assert neighbour.get("/tv?code=BBBB-BBBB").status_code == 429
    assert state(grant) == ("PENDING", None)


# ── The TV's own page ───────────────────────────────────────────────────────────────────


def test_the_screen_shows_one_code_and_is_signed_in_after_approval(
    viewer: User, site_as: SiteAs
) -> None:
    tv = Client(headers={"User-Agent": "Web0S SmartTV"})
    page = tv.get("/tv/screen").content.decode()
    grant = DeviceGrant.objects.get()
    assert code_show(grant.user_code) in page
    assert tv.get("/tv/screen").status_code == 200
    assert DeviceGrant.objects.count() == 1
    assert tv.post("/tv/screen", headers=SCRIPT).json() == {"state": "pending", "interval": 5}
    site_as(viewer).post("/tv", {"code": grant.user_code, "answer": "approve"})
    assert tv.post("/tv/screen", headers=SCRIPT).json() == {"state": "signed_in", "next": "/"}
    assert b"Sign out" in tv.get("/subscribe").content
    session = Session.objects.get(device_name="LG TV")
    assert (session.user, session.kind) == (viewer, "WEB")
    assert tv.get("/tv/screen")["Location"] == "/"


def test_without_scripts_a_button_does_it(viewer: User, site_as: SiteAs) -> None:
    tv = Client()
    tv.get("/tv/screen")
    assert tv.post("/tv/screen")["Location"] == "/tv/screen"
    code = DeviceGrant.objects.get().user_code
    site_as(viewer).post("/tv", {"code": code, "answer": "approve"})
    assert tv.post("/tv/screen")["Location"] == "/"


def test_after_a_denial_it_shows_a_new_code(viewer: User, site_as: SiteAs) -> None:
    tv = Client()
    tv.get("/tv/screen")
    code = DeviceGrant.objects.get().user_code
    site_as(viewer).post("/tv", {"code": code, "answer": "deny"})
    assert tv.post("/tv/screen", headers=SCRIPT).json() == {"state": "over"}
    assert code_show(code) not in tv.get("/tv/screen").content.decode()
    assert DeviceGrant.objects.count() == 2
    assert Client().post("/tv/screen", headers=SCRIPT).json() == {"state": "over"}


def test_the_qr_code_is_a_picture_of_ours(client: Client) -> None:
    answer = client.get("/tv/qr.svg?code=BCDF-GHJK")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b'xmlns="http://www.w3.org/2000/svg"' in answer.content
    assert b"style" not in answer.content
    assert client.get("/tv/qr.svg?code=%3Cscript%3E").status_code == 404
