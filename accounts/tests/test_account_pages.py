"""Account pages in a browser without JavaScript."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import Session, SessionKind, User
from accounts.services.sessions import Device, session_start
from accounts.views.account import EMAIL_KEPT, EMAIL_LINK_SENT, PASSWORD_CHANGED, PICTURE_CHANGED
from tests.messages import redirect_of

NEW = "boda-boda-7712"
NOBODYS = "0199c6a4-0000-7000-8000-000000000000"
SiteAs = Callable[[User], Client]
RunJobs = Callable[[], int]

pytestmark = pytest.mark.django_db(transaction=True)


def _picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (50, 80), "red").save(out, "PNG")
    return SimpleUploadedFile("me.png", out.getvalue(), content_type="image/png")


@pytest.mark.parametrize("page", ["/account", "/account/password", "/account/devices"])
def test_visitors_sign_in_first(client: Client, page: str) -> None:
    answer = client.get(page)
    assert (answer.status_code, answer["Location"]) == (302, f"/login?next={page}")


@pytest.mark.parametrize(
    "page",
    [
        "/account",
        "/account/avatar",
        "/account/avatar/remove",
        "/account/email",
        "/account/password",
        "/account/devices/sign-out",
        f"/account/devices/{NOBODYS}/sign-out",
    ],
)
def test_a_form_sent_after_the_sign_out_changes_nothing(
    client: Client, viewer: User, page: str
) -> None:
    answer = client.post(page, {"name": "Ghost", "new_password": NEW})
    target = page if page == "/account/password" else "/account"
    assert (answer.status_code, answer["Location"]) == (302, f"/login?next={target}")
    assert User.objects.get().name == viewer.name


def test_the_header_leads_there(viewer: User, site_as: SiteAs, client: Client) -> None:
    assert b'href="/account"' in site_as(viewer).get("/subscribe").content
    assert b'href="/account"' not in client.get("/subscribe").content


def test_the_profile_is_saved(viewer: User, site_as: SiteAs) -> None:
    browser = site_as(viewer)
    form = {"name": "Akello", "locale": "lg", "date_of_birth": "1999-10-09"}
    answer = browser.post("/account", form)
    assert answer["Location"] == "/account"
    page = browser.get(answer["Location"]).content.decode()
    assert "Biterekeddwa." in page  # in the language just chosen
    assert 'value="Akello"' in page
    assert 'value="1999-10-09"' in page
    future = browser.post("/account", {**form, "date_of_birth": "2999-01-01"})
    assert "Wandiika olunaku lwe wazaalibwa." in future.content.decode()
    nul = browser.post("/account", {**form, "name": "a\x00"})
    assert "Waliwo akabonero akatakkirizibwa." in nul.content.decode()
    user = User.objects.get()
    assert (user.name, str(user.date_of_birth)) == ("Akello", "1999-10-09")


def test_a_picture_comes_and_goes(viewer: User, site_as: SiteAs) -> None:
    browser = site_as(viewer)
    answer = browser.post("/account/avatar", {"picture": _picture()})
    assert redirect_of(answer) == ("/account", PICTURE_CHANGED)
    assert User.objects.get().avatar_url in browser.get("/account").content.decode()
    junk = SimpleUploadedFile("me.png", b"junk", content_type="image/png")
    refused = browser.post("/account/avatar", {"picture": junk})
    assert "We can&#x27;t read this picture" in refused.content.decode()
    assert User.objects.get().avatar_key
    for _ in range(2):
        assert browser.post("/account/avatar/remove").status_code == 302
    assert User.objects.get().avatar_key == ""


def test_the_email_changes_with_the_password(
    viewer: User, site_as: SiteAs, password: str, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    User.objects.update(email_verified=True)
    browser = site_as(viewer)
    wrong = browser.post("/account/email", {"email": "new@b.ug", "password": "wrong"})
    assert "Enter your password" in wrong.content.decode()
    run_jobs()
    assert mailoutbox == []
    right = browser.post("/account/email", {"email": "new@b.ug", "password": password})
    assert redirect_of(right) == ("/account", EMAIL_LINK_SENT)
    page = browser.get("/account").content.decode()
    assert "link we sent to new@b.ug" in " ".join(page.split())
    run_jobs()
    assert {mail.to[0] for mail in mailoutbox} == {"new@b.ug", viewer.email}
    kept = browser.post("/account/email", {"email": viewer.email, "password": "-"})
    assert redirect_of(kept) == ("/account", EMAIL_KEPT)
    assert "new@b.ug" not in browser.get("/account").content.decode()


def test_the_password_changes(viewer: User, site_as: SiteAs, password: str) -> None:
    browser, other = site_as(viewer), site_as(viewer)
    wrong = browser.post("/account/password", {"current_password": "wrong", "new_password": NEW})
    assert "not your current password" in wrong.content.decode()
    weak = browser.post(
        "/account/password", {"current_password": password, "new_password": "12345678"}
    )
    assert "too common" in weak.content.decode()
    assert "This field is required" in browser.post("/account/password").content.decode()
    assert User.objects.get().check_password(password)
    done = browser.post("/account/password", {"current_password": password, "new_password": NEW})
    assert redirect_of(done) == ("/account/password", PASSWORD_CHANGED)
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    assert User.objects.get().check_password(NEW)


def test_devices_are_listed_and_signed_out(viewer: User, stranger: User, site_as: SiteAs) -> None:
    browser, tv = site_as(viewer), site_as(viewer)
    foreign = session_start(stranger, kind=SessionKind.API, device=Device(name="Not mine"))
    page = browser.get("/account/devices").content.decode()
    assert "This device" in page
    assert "Not mine" not in page
    there = Session.objects.get(pk=Session.objects.filter(user=viewer).latest("created_at").pk)
    for message in ("Device signed out.", ""):  # pressed twice
        answer = browser.post(f"/account/devices/{there.pk}/sign-out")
        assert redirect_of(answer) == ("/account/devices", message)
    assert tv.get("/account").status_code == 302
    browser.post(f"/account/devices/{foreign.pk}/sign-out")
    browser.post("/account/devices/sign-out")
    assert Session.objects.live().filter(user=stranger).exists()
    assert Session.objects.live().filter(user=viewer).count() == 1
    assert "Sign out all other devices" not in browser.get("/account/devices").content.decode()


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_of_devices_costs_the_same_however_long(
    viewer: User, site_as: SiteAs, rows: int, django_assert_num_queries: Any
) -> None:
    browser = site_as(viewer)
    for _ in range(rows - 1):
        session_start(viewer, kind=SessionKind.API, device=Device())
    browser.get("/account/devices")
    with django_assert_num_queries(1):  # the sessions
        assert browser.get("/account/devices").content.count(b'class="device"') == rows


def test_pages_keep_the_strict_policy(viewer: User, site_as: SiteAs) -> None:
    browser = site_as(viewer)
    for page in ("/account", "/account/password", "/account/devices", "/verify", "/forgot"):
        text = browser.get(page).content.decode()
        assert " style=" not in text
        assert "<style" not in text
        assert not re.search(r"<script(?![^>]* src=)", text)
