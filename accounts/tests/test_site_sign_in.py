"""Sign-in, registration and sign-out in a browser without JavaScript."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import Client

from accounts.auth.middleware import SESSION_KEY
from accounts.models import Session, User

SiteAs = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def test_the_cookie_holds_the_session_rows_id_and_nothing_else(
    viewer: User, site_as: SiteAs
) -> None:
    browser = site_as(viewer)
    cookie = browser.cookies["sessionid"]
    session = Session.objects.get()
    assert SessionStore(cookie.value).load() == {SESSION_KEY: str(session.pk)}
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert (session.kind, session.user) == ("WEB", viewer)
    assert session.expires_at - session.created_at == timedelta(days=30)


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/movies?genre=Drama", "/movies?genre=Drama"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_next_stays_on_this_site(
    viewer: User, password: str, client: Client, target: str, goes_to: str
) -> None:
    form = {"email": viewer.email, "password": password, "next": target}
    answer = client.post("/login", form)
    assert (answer.status_code, answer["Location"]) == (302, goes_to)


def test_a_wrong_password_shows_in_the_form(viewer: User, client: Client) -> None:
    answer = client.post("/login", {"email": viewer.email, "password": "wrong"})
    assert answer.status_code == 200
    assert "E-mail or password is wrong." in answer.content.decode()
    assert "sessionid" not in answer.cookies
    assert not Session.objects.exists()


@pytest.mark.usefixtures("fresh_window")
def test_site_and_api_share_one_count(viewer: User, client: Client, password: str) -> None:
    for _ in range(3):
        client.post("/login", {"email": viewer.email, "password": "wrong"})
    for _ in range(2):
        client.post(
            "/api/v1/auth/login",
            {"email": viewer.email, "password": "wrong"},
            content_type="application/json",
        )
    answer = client.post("/login", {"email": viewer.email, "password": password})
    assert "Too many tries" in answer.content.decode()
    assert not Session.objects.exists()


@pytest.mark.parametrize("page", ["/login", "/register", "/login/code"])
def test_a_second_tab_leads_on(viewer: User, password: str, page: str) -> None:
    """Submit a form with the token from before the sign-in in another tab."""
    browser = Client(enforce_csrf_checks=True)
    browser.get("/login")
    stale = browser.cookies["csrftoken"].value
    form = {"email": viewer.email, "password": password, "csrfmiddlewaretoken": stale}
    assert browser.post("/login", form).status_code == 302
    second = browser.post(page, {**form, "next": "/movies"})
    assert (second.status_code, second["Location"]) == (302, "/movies")
    assert browser.post(page, {**form, "next": "//evil.example"})["Location"] == "/"
    # Elsewhere, and for who is not signed in, the token counts as ever.
    assert browser.post("/account", {"name": "X", "csrfmiddlewaretoken": stale}).status_code == 403
    assert Client(enforce_csrf_checks=True).post(page, form).status_code == 403
    assert Session.objects.count() == 1


def test_registering_signs_in(client: Client, password: str) -> None:
    form = {"email": "new@b.ug", "password": password, "name": "New", "next": "/movies"}
    answer = client.post("/register", form)
    assert (answer.status_code, answer["Location"]) == (302, "/movies")
    assert Session.objects.get().user.email == "new@b.ug"


def test_registration_shows_faults(client: Client, viewer: User, password: str) -> None:
    taken = client.post("/register", {"email": viewer.email, "password": password, "name": "N"})
    weak = client.post("/register", {"email": "n@b.ug", "password": "12345678", "name": "N"})
    nul = client.post("/register", {"email": "n@b.ug", "password": password, "name": "a\x00"})
    assert "already" in taken.content.decode()
    assert "too common" in weak.content.decode()
    assert "Null characters are not allowed" in nul.content.decode()
    assert User.objects.count() == 1


def test_a_signed_in_person_is_redirected(viewer: User, site_as: SiteAs) -> None:
    browser = site_as(viewer)
    assert browser.get("/login?next=/subscribe")["Location"] == "/subscribe"
    assert browser.get("/register")["Location"] == "/"


def test_signing_out_takes_a_post(viewer: User, site_as: SiteAs) -> None:
    browser = site_as(viewer)
    assert browser.get("/logout").status_code == 405
    assert Session.objects.live().count() == 1
    answer = browser.post("/logout")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert not Session.objects.live().exists()
    assert answer.cookies["sessionid"].value == ""


def test_a_forged_cookie_signs_nobody_in(client: Client) -> None:
    client.cookies["sessionid"] = "forged:1:2"
    answer = client.get("/subscribe")
    assert answer.status_code == 200
    assert b"Sign in" in answer.content
