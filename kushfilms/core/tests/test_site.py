"""Parts of every page: theme, data saver, data price, cookies, app shell, headers."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import brotli
import pytest
from django.conf import settings as django_settings
from django.test import Client
from PIL import Image

from accounts.models import Consent, User
from kushfilms.core import storage
from kushfilms.core.pictures import (
    picture_delete,
    picture_key,
    picture_keys,
    picture_store,
    share_key,
    share_store,
)

SiteAs = Callable[[User], Client]
FOREIGN = {"Sec-Fetch-Site": "cross-site"}

pytestmark = pytest.mark.django_db


# ── Preferences ─────────────────────────────────────────────────────────────────────────


def test_the_theme_is_remembered_without_a_script(client: Client) -> None:
    assert "data-theme" not in client.get("/").content.decode()
    answer = client.post("/preferences", {"do": "theme", "theme": "light", "next": "/movies"})
    assert answer["Location"] == "/movies"
    assert 'data-theme="light"' in client.get("/").content.decode()
    client.post("/preferences", {"do": "theme", "theme": "system"})
    assert "data-theme" not in client.get("/").content.decode()


def test_data_saver_by_header_or_switch(client: Client, movie_factory: Any) -> None:
    movie_factory(poster_key="public/p-x160x240x400.webp", backdrop_key="public/b-x640x1280.webp")
    full = client.get("/movies").content.decode()
    assert "p-x160x240x400-240.avif 240w" in full
    assert "display.woff2" in full
    asked = client.get("/movies", headers={"Save-Data": "on"})
    assert "Save-Data" in asked["Vary"]
    client.post("/preferences", {"do": "saver", "saver": "on"})
    for page in (asked.content.decode(), client.get("/movies").content.decode()):
        assert "p-x160x240x400-160.avif 160w" in page
        assert "240w" not in page
        assert "display.woff2" not in page
    assert "1280w" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("price", "megabytes", "shown"),
    [("5000", "1000", "Saved."), ("0", "1000", None), ("", "1000", None), ("5000", "7", None),
     ("9" * 30, "1000", None), ("\u0665\u0660\u0660\u0660", "1000", "Saved.")],
)  # fmt: skip
def test_a_bundle_of_ones_own(
    client: Client, price: str, megabytes: str, shown: str | None
) -> None:
    form = {"do": "bundle", "price": price, "megabytes": megabytes}
    answer = client.post("/preferences", form)
    assert (answer.status_code == 302) == bool(shown)
    assert ("bundle" in client.cookies) == bool(shown)
    if shown:
        page = client.get("/preferences").content.decode()
        assert shown in page
        assert "UGX 5,000" in page
        client.post("/preferences", {**form, "forget": "1"})
        assert not client.cookies["bundle"].value


@pytest.mark.parametrize("bundle", ["", "0:0", "5000:0", "x", "5000", "9" * 99, "-5:1"])
def test_a_cookie_that_was_tampered_with_is_no_price(client: Client, bundle: str) -> None:
    client.cookies["bundle"] = bundle
    client.cookies["theme"] = '"><script>'
    page = client.get("/preferences")
    assert page.status_code == 200
    assert b"At the average price in Uganda" in page.content
    assert b"<script>" not in page.content


def test_forms_on_other_sites_are_refused(client: Client) -> None:
    for url, form in (("/preferences", {"do": "theme", "theme": "light"}), ("/cookies", {})):
        answer = client.post(url, form, headers=FOREIGN)
        assert answer.status_code == 403
        assert not {"theme", "choices"} & set(client.cookies)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Referer": "https://evil.example/x"}, 403),
        ({"Origin": "http://testserver"}, 302),
        ({"Referer": "http://testserver/movies"}, 302),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, 302),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({}, 302),
    ],
)
def test_forms_on_other_sites_are_refused_without_fetch_metadata(
    client: Client, headers: dict[str, str], status: int
) -> None:
    buttons = (
        ("/preferences", {"do": "theme", "theme": "light"}),
        ("/cookies", {"choice": "all"}),
        ("/language", {"language": "lg"}),
    )
    for url, form in buttons:
        assert client.post(url, form, headers=headers).status_code == status
    assert bool({"theme", "choices", "language"} & set(client.cookies)) is (status == 302)


# ── Cookies ─────────────────────────────────────────────────────────────────────────────


def test_cookies_are_asked_for_once_and_can_be_refused_later(
    viewer: User, site_as: SiteAs, settings: Any
) -> None:
    settings.VISITS_COUNTED = True
    browser = site_as(viewer)
    assert "choices-bar" in browser.get("/").content.decode()
    answer = browser.post("/cookies", {"choice": "all", "next": "/movies"})
    assert answer["Location"] == "/movies"
    page = browser.get("/").content.decode()
    assert "choices-bar" not in page
    assert "You can change this" in page
    browser.post("/cookies", {"choice": "needed"})
    answers = Consent.objects.filter(user=viewer, purpose="ANALYTICS").order_by("created_at")
    assert [row.granted for row in answers] == [True, False]
    assert "You declined." in browser.get("/cookies").content.decode()


def test_a_visitors_choice_is_no_row(client: Client, settings: Any) -> None:
    settings.VISITS_COUNTED = True
    client.post("/cookies", {"choice": "all"})
    assert client.cookies["choices"].value == f"all.{settings.LEGAL_TEXTS_VERSION}"
    assert not Consent.objects.exists()


def test_a_changed_text_is_asked_about_again(client: Client, settings: Any) -> None:
    settings.VISITS_COUNTED = True
    client.post("/cookies", {"choice": "all"})
    assert "choices-bar" not in client.get("/").content.decode()
    settings.LEGAL_TEXTS_VERSION = "2027-01-01"
    assert "choices-bar" in client.get("/").content.decode()
    assert b"chosen yet" in client.get("/cookies").content


def test_without_analytics_no_page_asks_for_consent(client: Client, settings: Any) -> None:
    settings.VISITS_COUNTED = False
    assert "choices-bar" not in client.get("/").content.decode()
    page = client.get("/cookies").content.decode()
    assert "Allow" not in page
    assert "Counting which pages" not in page
    assert client.post("/cookies", {"choice": "all"}).status_code == 302
    assert "choices" not in client.cookies
    assert not Consent.objects.exists()


# ── The app ─────────────────────────────────────────────────────────────────────────────


def test_the_manifest_names_icons_that_are_there(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    manifest = json.loads(answer.content)
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        file = django_settings.BASE_DIR / icon["src"].lstrip("/")
        assert f"{Image.open(file).width}x{Image.open(file).height}" == icon["sizes"]


def test_the_worker_stores_the_shell_and_no_personal_page(viewer: User, site_as: SiteAs) -> None:
    browser = site_as(viewer)
    code = browser.get("/sw.js").content.decode()
    shell = json.loads(re.search(r"const SHELL = (\[.*?\]);", code)[1].replace("\\u002D", "-"))  # type: ignore[index]
    assert shell[0] == "/offline"
    assert all(url.startswith("/static/") for url in shell[1:])
    page = browser.get("/offline").content.decode()
    assert viewer.name not in page
    assert "csrf" not in page
    assert "Account" not in page


# ── On the line ─────────────────────────────────────────────────────────────────────────


def test_pages_come_as_brotli_or_gzip(client: Client, movie_factory: Any) -> None:
    movie_factory.create_batch(3)
    answer = client.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "br"
    assert b"Kush Films" in brotli.decompress(answer.content)
    assert answer["ETag"].startswith("W/")
    again = client.get("/", headers={"Accept-Encoding": "br", "If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get("/", headers={"Accept-Encoding": "gzip"})["Content-Encoding"] == "gzip"
    assert not client.get("/").has_header("Content-Encoding")


def test_headers_of_every_page(client: Client) -> None:
    for url in ("/", "/login", "/nowhere", "/offline", "/api/v1/movies"):
        answer = client.get(url)
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]


def test_the_style_guide_is_for_development(client: Client, settings: Any) -> None:
    assert client.get("/styleguide").status_code == 200
    settings.PRODUCTION = True
    assert client.get("/styleguide").status_code == 404


@pytest.mark.parametrize("url", ["/about", "/contact", "/cookies", "/preferences", "/offline"])
def test_text_pages(client: Client, url: str) -> None:
    page = client.get(url).content.decode()
    assert page.count("<h1") == 1
    assert not client.cookies


def test_every_error_page_has_links(client: Client) -> None:
    page = client.get("/nowhere").content.decode()
    assert 'action="/search"' in page
    assert 'href="/"' in page


# ── Pictures ────────────────────────────────────────────────────────────────────────────


def test_a_picture_is_stored_and_deleted_in_all_widths() -> None:
    image = Image.effect_noise((400, 600), 90).convert("RGB")
    key = picture_store("public/tests/poster", image, widths=(160, 240, 400, 800))
    assert key == "public/tests/poster-x160x240x400.webp"
    share_store(key, image)
    sizes = {}
    for width in (160, 240, 400):
        for form in ("avif", "webp"):
            data = storage.get_bytes(picture_key(key, width, form))
            with Image.open(io.BytesIO(data)) as opened:
                assert (opened.format, opened.width) == (form.upper(), width)
            sizes[form, width] = len(data)
    assert sizes["avif", 160] < sizes["avif", 240] < sizes["avif", 400]
    assert len(storage.get_bytes(share_key(key))) < 300_000
    there = {one.key for one in storage.list_objects("public/tests/poster")}
    assert there == set(picture_keys(key))
    picture_delete(key)
    assert not list(storage.list_objects("public/tests/poster"))


@pytest.mark.parametrize("key", ["", "public/p.webp", "public/p-x.webp", "public/p-x1x.webp"])
def test_an_older_picture_has_no_others(key: str) -> None:
    assert list(picture_keys(key)) == [key]
    assert share_key(key) == ""


# ── Addresses as people paste them ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("pasted", "leads"),
    [
        ("/movies/", "/movies"),
        ("/movies/?genre=Crime&sort=title", "/movies?genre=Crime&sort=title"),
        ("/movies/last-boda/", "/movies/last-boda"),
        ("/movies/last-boda//", "/movies/last-boda"),
        ("/about/", "/about"),
        ("/admin", "/admin/"),
        ("/admin?x=1", "/admin/?x=1"),
    ],
)
def test_a_slash_too_many_leads_to_the_page(client: Client, pasted: str, leads: str) -> None:
    answer = client.get(pasted)
    assert (answer.status_code, answer["Location"]) == (301, leads)
    assert client.head(pasted).status_code == 301


@pytest.mark.parametrize(
    "pasted", ["/nowhere/", "//evil.example/about/", "/\\evil.example/", "/api/v1/movies/"]
)
def test_an_address_that_is_no_page_stays_not_found(client: Client, pasted: str) -> None:
    # As the path itself: the test client would take what follows two slashes for a host.
    assert client.get("/", PATH_INFO=pasted).status_code == 404
    assert client.post("/movies/").status_code == 404


def test_the_icon_is_where_browsers_look(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG")
    assert "max-age=86400" in answer["Cache-Control"]
