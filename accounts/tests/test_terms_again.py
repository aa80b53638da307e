"""Consent to changed terms, on the site and in the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Consent, User
from accounts.services.consents import legal_texts_agree

SiteAs = Callable[[User], Client]
BAR = 'action="/terms/agree"'

# Committed: consent drops the cached principal on commit.
pytestmark = pytest.mark.django_db(transaction=True)


def test_changed_terms_are_asked_about_once(viewer: User, site_as: SiteAs, settings: Any) -> None:
    legal_texts_agree(viewer.pk)
    browser = site_as(viewer)
    assert BAR not in browser.get("/movies").content.decode()
    settings.LEGAL_TEXTS_VERSION = "2027-01-01"
    page = browser.get("/movies?sort=title").content.decode()
    assert BAR in page
    assert 'name="next" value="/movies?sort=title"' in page
    answer = browser.post("/terms/agree", {"next": "/movies?sort=title"})
    assert answer["Location"] == "/movies?sort=title"
    assert BAR not in browser.get("/movies").content.decode()
    given = Consent.objects.filter(user=viewer, version="2027-01-01", granted=True)
    assert sorted(given.values_list("purpose", flat=True)) == ["PRIVACY", "TERMS"]


def test_agreeing_twice_is_one_row(viewer: User, site_as: SiteAs) -> None:
    browser = site_as(viewer)
    for _ in range(2):
        assert browser.post("/terms/agree").status_code == 302
    assert Consent.objects.filter(user=viewer, purpose="TERMS").count() == 1


def test_a_visitor_is_not_asked(client: Client, settings: Any) -> None:
    settings.LEGAL_TEXTS_VERSION = "2027-01-01"
    assert BAR not in client.get("/movies").content.decode()


def test_the_api_marks_consents_to_an_older_text(
    viewer: User, api_as: Callable[[User], APIClient], settings: Any
) -> None:
    legal_texts_agree(viewer.pk)
    client = api_as(viewer)
    settings.LEGAL_TEXTS_VERSION = "2027-01-01"
    url = "/api/v1/users/consents"
    assert {row["current"] for row in client.get(url).json()} == {False}
    client.put(url, {"purpose": "TERMS", "granted": True}, format="json")
    current = {row["purpose"]: row["current"] for row in client.get(url).json()}
    assert current == {"TERMS": True, "PRIVACY": False}
