"""Every entry of texts cleans them, and no row breaks a feed, a list or a sheet."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.test import Client
from django.utils import timezone
from rest_framework import serializers
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import Comment, Movie, Person, Series, TakedownNotice
from catalog.services.comments import comment_create
from catalog.sheets.reader import sheet_read
from catalog.sheets.resource import movies_import
from kushfilms.core import form_fields
from kushfilms.core.api import fields
from tests.factories import MovieFactory

OURS = ("accounts", "billing", "catalog", "streaming")
# Not texts of people: tokens, codes, choices and what a machine made, which are compared as sent.
OPAQUE = {
    "token", "refreshToken", "device_code", "grant_type", "etag", "contentType", "code", "category",
    "allowedCountries", "blockedCountries",
}  # fmt: skip
DIRTY = "Boda\x0b\x07 \u202eboda\u200b"
ApiAs = Callable[[User], APIClient]
SiteAs = Callable[[User], Client]


def _below(base: Any) -> Iterator[Any]:
    for one in base.__subclasses__():
        if one.__module__.split(".")[0] in OURS and ".tests" not in one.__module__:
            yield one
        yield from _below(one)


def _inputs() -> Iterator[tuple[str, str, serializers.Field[Any, Any, Any, Any]]]:
    """Yield every bounded text field of our serializers: outputs have no bound."""
    for one in {*_below(serializers.Serializer)}:
        for name, field in one._declared_fields.items():
            child = getattr(field, "child", field)
            if getattr(child, "max_length", None) and not field.read_only:
                yield one.__name__, name, child


def test_every_text_that_the_api_takes_is_cleaned() -> None:
    clean = (fields.LineField, fields.AddressField, fields.PasswordField)
    texts = [row for row in _inputs() if type(row[2]).__mro__[:-1] and _is_text(row[2])]
    assert len(texts) > 60
    assert [row for row in texts if not isinstance(row[2], clean) and row[1] not in OPAQUE] == []


def _is_text(field: Any) -> bool:
    machine = (serializers.SlugField, serializers.UUIDField, serializers.ChoiceField)
    return isinstance(field, serializers.CharField) and not isinstance(field, machine)


def _form_texts(forms_of_ours: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Yield the text fields by their place."""
    # Items of lists are cleaned by `catalog.services.edits.names_clean`.
    machine = (forms.UUIDField, forms.SlugField, forms.GenericIPAddressField, SimpleArrayField)
    for one in forms_of_ours:
        for name, field in one.base_fields.items():
            if isinstance(field, forms.CharField) and not isinstance(field, machine):
                yield f"{one.__module__}.{one.__name__}.{name}", field


CLEAN = (form_fields.LineFormField, form_fields.AddressFormField, form_fields.PasswordFormField)


def test_every_text_that_a_form_takes_is_cleaned() -> None:
    """Check all forms but those of the admin site, which makes their fields itself (below)."""
    written = {one for one in _below(forms.BaseForm) if ".admin." not in one.__module__}
    written |= set(_below(forms.Form))
    found = list(_form_texts(written))
    assert len(found) > 15
    wrong = [place for place, field in found if not isinstance(field, CLEAN)]
    assert [place for place in wrong if place.rpartition(".")[2] not in OPAQUE] == []


@pytest.mark.django_db
def test_every_text_that_the_back_office_takes_is_cleaned(super_admin: User, rf: Any) -> None:
    request = rf.get("/admin/")
    request.user = super_admin
    made = [
        model_admin.get_form(request)
        for model_admin in admin.site._registry.values()
        if model_admin.has_add_permission(request)
    ]
    found = list(_form_texts(made))
    assert len(found) > 8
    assert [place for place, field in found if not isinstance(field, CLEAN)] == []


# ── Through the doors ───────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_admin_api_stores_clean_texts(super_admin: User, api_as: ApiAs) -> None:
    desk = api_as(super_admin)
    body = {"title": DIRTY, "description": "One\x0bTwo\x01", "genres": [DIRTY], "cast": [DIRTY]}
    answer = desk.post("/api/v1/admin/movies", body)
    assert answer.status_code == 201
    movie = Movie.objects.get()
    assert (movie.title, movie.description) == ("Boda boda", "One\nTwo")
    assert (movie.genres, movie.cast) == (["Boda boda"], ["Boda boda"])
    assert desk.post("/api/v1/admin/series", {"title": DIRTY}).status_code == 201
    assert Series.objects.get().title == "Boda boda"
    assert set(Person.objects.values_list("name", flat=True)) == {"Boda boda"}


@pytest.mark.django_db
def test_the_back_office_stores_clean_texts(super_admin: User, site_as: SiteAs) -> None:
    form = {"name": DIRTY, "description": "One\x0bTwo", "slug": "boda", "order": 1, "active": "on"}
    assert site_as(super_admin).post("/admin/catalog/category/add/", form).status_code == 302
    category = apps.get_model("catalog.Category").objects.get()
    assert (category.name, category.description) == ("Boda boda", "One\nTwo")


@pytest.mark.django_db
def test_an_import_stores_clean_texts() -> None:
    rows = sheet_read(f'title,description,genres\n"{DIRTY}","One\x0bTwo",{DIRTY}\n'.encode())
    assert movies_import(rows, dry_run=False).faults == []
    movie = Movie.objects.get()
    assert (movie.title, movie.description) == ("Boda boda", "One\nTwo")
    assert movie.genres == ["Boda boda"]


@pytest.mark.django_db
def test_comments_and_takedowns_store_clean_texts(
    viewer: User, api_as: ApiAs, api: APIClient
) -> None:
    movie = MovieFactory.create(slug="seven-hills")
    zalgo = "e" + "\u0301" * 480
    url = "/api/v1/movies/seven-hills/comments"
    said = api_as(viewer).post(url, {"content": f"One\x0bTwo {zalgo}"})
    assert said.json()["content"] == "One\nTwo \u00e9" + "\u0301" * 4
    comment_create(movie, user_id=viewer.pk, content="A\x0bB", now=timezone.now())
    assert Comment.objects.filter(content="A\nB").exists()
    claim = {
        "film": "seven-hills", "claimantName": DIRTY, "claimantEmail": "a\u200b@example.org",
        "postalAddress": "P", "work": "W\x0bW", "statement": "S", "swornGoodFaith": True,
        "swornAccurate": True, "signature": DIRTY,
    }  # fmt: skip
    assert api.post("/api/v1/takedowns", claim).status_code == 201
    notice = TakedownNotice.objects.get()
    assert (notice.claimant_name, notice.claimant_email) == ("Boda boda", "a@example.org")
    assert notice.work == "W\nW"


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["/register", "/api/v1/auth/register"])
def test_one_mailbox_is_one_account_whatever_is_invisible_in_it(
    client: Client, password: str, door: str
) -> None:
    for email in ("x@example.ug", "x@example.ug\u200b", "\ufeffX@exam\u00adple.ug"):
        form = {"email": email, "password": password, "name": "Nakato"}
        if door == "/register":
            client.post(door, form)
        else:
            client.post(door, form, content_type="application/json")
        client.cookies.clear()
    assert [user.email for user in User.objects.all()] == ["x@example.ug"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Kush Films Support", "http://evil.example", "\u200b", "a.com"])
def test_deceptive_names_are_refused_everywhere(
    viewer: User, client: Client, api: APIClient, api_as: ApiAs, site_as: SiteAs, password: str,
    name: str,
) -> None:  # fmt: skip
    form = {"email": "n@example.ug", "password": password, "name": name}
    refused = api.post("/api/v1/auth/register", form)
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["name"])
    assert client.post("/register", form).status_code == 200
    assert api_as(viewer).put("/api/v1/users/profile", {"name": name}).status_code == 400
    assert site_as(viewer).post("/account", {"name": name, "locale": ""}).status_code == 200
    assert list(User.objects.values_list("name", flat=True)) == ["Aisha"]


# ── Rows from before ────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_row_from_before_stops_neither_feed_nor_sitemap_nor_sheet(
    client: Client, super_admin: User, site_as: SiteAs, api: APIClient
) -> None:
    MovieFactory.create(slug="fine", title="Fine")
    old = {"title": "Boda\x0b\ufffe", "description": "One\x0bTwo\x01", "genres": ["Dr\x0cama"]}
    MovieFactory.create(slug="old", **old)
    for url in ("/films.rss", "/sitemap.xml", "/sitemap-films.xml"):
        answer = client.get(url)
        assert answer.status_code == 200, url
        ET.fromstring(answer.content)
    assert b"Fine" in client.get("/films.rss").content
    assert client.get("/movies/old").status_code == 200
    assert api.get("/api/v1/movies").status_code == 200
    browser = site_as(super_admin)
    for kind in ("csv", "xlsx"):
        sheet: Any = browser.get(f"/admin/catalog/movieimport/films.{kind}")
        assert (sheet.status_code, len(b"".join(sheet.streaming_content)) > 100) == (200, True)
