"""Languages of the site: choice, memory, and complete pages in Luganda and Swahili."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from accounts.models import User
from kushfilms.core.mail import mail_enqueue
from tests.factories import MovieFactory

pytestmark = pytest.mark.django_db(transaction=True)
SiteAs = Callable[[User], Client]
RunJobs = Callable[[], int]
WORDS = {
    "lg": {
        "/": ("Firimu zonna", "Yingira", "Awaka"),
        "/movies/kony-beach": ("Yingira olabe", "Emmunyeenye n'ebirowoozo", "Loopa firimu eno"),
        "/subscribe": ("Londa pulaani yo", "Firimu za bwereere"),
        "/login": ("Weerabidde paasiwaadi yo?", "Paasiwaadi", "Imeero"),
        "/nowhere": ("Olupapula terulabise", "Olupapula luno tetulusanze."),
        "/account": ("Ebikukwatako", "Olunaku lwe wazaalibwa", "Fuluma"),
    },
    "sw": {
        "/": ("Filamu zote", "Ingia", "Mwanzo"),
        "/movies/kony-beach": ("Ingia utazame", "Nyota na maoni", "Ripoti filamu hii"),
        "/subscribe": ("Chagua mpango wako", "Filamu za bure"),
        "/login": ("Umesahau nenosiri lako?", "Nenosiri", "Barua pepe"),
        "/nowhere": ("Ukurasa haukupatikana", "Hatuwezi kupata ukurasa huu."),
        "/account": ("Wasifu wako", "Tarehe ya kuzaliwa", "Toka"),
    },
}
ENGLISH = (
    ">Sign in<", ">Search<", "All films", "Forgotten your password", "Choose your plan",
    "Page not found",
    "Ratings and reviews", "Your profile", "Date of birth", ">Home<", ">Password<", "Sign out<",
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "path"), [(language, path) for language in WORDS for path in WORDS["lg"]]
)
def test_pages_speak_the_language(
    language: str, path: str, client: Client, viewer: User, site_as: SiteAs
) -> None:
    MovieFactory(title="Kony Beach", slug="kony-beach")
    browser = site_as(viewer) if path == "/account" else client
    browser.cookies["language"] = language
    page = browser.get(path).content.decode()
    assert f'<html lang="{language}"' in page
    for words in (*WORDS[language][path], ">English<", ">Luganda<", ">Kiswahili<"):
        assert words in page
    assert [words for words in ENGLISH if words in page] == []


def test_the_browsers_language_applies_until_a_choice(client: Client) -> None:
    asked = {"Accept-Language": "sw-UG,sw;q=0.9,en;q=0.5"}
    first = client.get("/", headers=asked)
    assert (first["Content-Language"], "Accept-Language" in first["Vary"]) == ("sw", True)
    chosen = client.post("/language", {"language": "lg", "next": "/movies"}, headers=asked)
    assert (chosen.status_code, chosen["Location"]) == (302, "/movies")
    assert client.get("/", headers=asked)["Content-Language"] == "lg"
    # A cached page is revalidated each time, so it is never shown in the previous language.
    assert {"private", "no-cache"} <= set(client.get("/")["Cache-Control"].split(", "))


@pytest.mark.parametrize("wish", ["", "xx", "en-GB", "../sw", "lg\x00"])
def test_an_unknown_language_changes_nothing(wish: str, viewer: User, site_as: SiteAs) -> None:
    browser = site_as(viewer)
    answer = browser.post("/language", {"language": wish, "next": "https://evil.example/"})
    assert (answer["Location"], "language" in browser.cookies) == ("/", False)
    viewer.refresh_from_db()
    assert viewer.locale == ""


def test_the_choice_of_the_signed_in_follows_them(
    client: Client, viewer: User, password: str, site_as: SiteAs
) -> None:
    site_as(viewer).post("/language", {"language": "sw"})
    viewer.refresh_from_db()
    assert viewer.locale == "sw"
    other = client
    other.cookies["language"] = "lg"  # a person who used this browser before
    other.post("/login", {"email": viewer.email, "password": password})
    assert other.get("/")["Content-Language"] == "sw"


@pytest.mark.parametrize(("chosen", "shown"), [("", "sw"), ("en", "en"), ("lg", "lg")])
def test_without_a_choice_the_browsers_language_applies(
    chosen: str, shown: str, client: Client, viewer: User, password: str
) -> None:
    User.objects.filter(pk=viewer.pk).update(locale=chosen)
    asked = {"Accept-Language": "sw"}
    client.post("/login", {"email": viewer.email, "password": password}, headers=asked)
    assert client.get("/", headers=asked)["Content-Language"] == shown


def test_a_choice_can_be_taken_back(viewer: User, site_as: SiteAs) -> None:
    browser = site_as(viewer)
    browser.post("/language", {"language": "lg"})
    page = browser.get("/account").content.decode()
    assert '<option value="lg" selected>' in page
    browser.post("/account", {"name": viewer.name, "locale": ""})
    viewer.refresh_from_db()
    assert viewer.locale == ""
    assert browser.get("/", headers={"Accept-Language": "sw"})["Content-Language"] == "sw"


def test_the_form_on_another_site_is_refused(viewer: User, site_as: SiteAs) -> None:
    answer = site_as(viewer).post(
        "/language", {"language": "sw"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    viewer.refresh_from_db()
    assert (answer.status_code, viewer.locale) == (403, "")


@pytest.mark.parametrize(
    ("cookie", "wish", "kept"),
    [("lg", "", "lg"), ("", "sw", "sw"), ("en", "sw", "en"), ("", "de", ""), ("", "", "")],
)
def test_the_language_of_the_registration_is_kept(
    cookie: str, wish: str, kept: str, client: Client
) -> None:
    if cookie:
        client.cookies["language"] = cookie
    form = {"name": "Akello", "email": "akello@b.ug", "password": "boda-boda-7712"}
    client.post("/register", form, headers={"Accept-Language": wish})
    assert User.objects.get(email="akello@b.ug").locale == kept


def test_mail_is_in_the_readers_language(
    viewer: User, run_jobs: RunJobs, mailoutbox: list[Any]
) -> None:
    for locale in ("lg", "en", "sw"):
        User.objects.filter(pk=viewer.pk).update(locale=locale, email_verified=True)
        mail_enqueue("password_changed", {"userId": str(viewer.pk)})
        run_jobs()
    assert [letter.subject for letter in mailoutbox] == [
        "Paasiwaadi yo eya Kush Films ekyusiddwa",
        "Your Kush Films password was changed",
        "Nenosiri lako la Kush Films limebadilishwa",
    ]
    assert "Gyebale " in mailoutbox[0].body


@pytest.mark.parametrize(
    ("language", "day"),
    [("en", "22 November 2026"), ("lg", "22 Museenene 2026"), ("sw", "22 Novemba 2026")],
)
def test_days_are_named_and_begin_in_kampala(
    language: str, day: str, viewer: User, site_as: SiteAs
) -> None:
    with time_machine.travel(datetime(2026, 11, 21, 22, 30, tzinfo=UTC), tick=False):
        browser = site_as(viewer)
        browser.cookies["language"] = language
        assert day in browser.get("/account/devices").content.decode()


def test_errors_are_translated_on_pages_and_english_in_the_api(client: Client) -> None:
    client.cookies["language"] = "sw"
    form = {"email": "nobody@b.ug", "password": "wrong-as-can-be"}
    assert "Barua pepe au nenosiri si sahihi." in client.post("/login", form).content.decode()
    # The thread's last language was Swahili.
    answer = Client().post(
        "/api/v1/auth/login",
        form,
        content_type="application/json",
        headers={"Accept-Language": "sw"},
    )
    assert (answer.status_code, answer.json()["message"]) == (401, "E-mail or password is wrong.")


def test_the_back_office_stays_english(super_admin: User, site_as: SiteAs) -> None:
    browser = site_as(super_admin)
    browser.cookies["language"] = "lg"
    assert "Back office" in browser.get("/admin/").content.decode()
    assert translation.get_language() in {None, "en"}
