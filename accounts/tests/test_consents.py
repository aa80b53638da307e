"""Consents given at registration, by mail settings, and by the unsubscribe link."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Consent, NotificationType, User
from accounts.services.notifications import mail_stop

ApiAs = Callable[[User], APIClient]
CONSENTS, PREFERENCES = "/api/v1/users/consents", "/api/v1/users/preferences"
NEWS = NotificationType.NEW_CONTENT

pytestmark = pytest.mark.django_db


def text() -> list[tuple[str, bool]]:
    return list(Consent.objects.order_by("created_at").values_list("purpose", "granted"))


def test_registration_records_consent_and_the_page_states_it(client: Client) -> None:
    page = client.get("/register").content.decode()
    assert 'href="/terms"' in page
    assert 'href="/privacy"' in page
    form = {"email": "a@b.ug", "name": "A", "password": "matatu-9931-x"}
    assert client.post("/register", form).status_code == 302
    assert set(text()) == {("TERMS", True), ("PRIVACY", True)}


def test_by_the_api_too(api: APIClient) -> None:
    body = {"email": "a@b.ug", "name": "A", "password": "matatu-9931-x"}
    assert api.post("/api/v1/auth/register", body).status_code == 201
    assert set(text()) == {("TERMS", True), ("PRIVACY", True)}


@pytest.mark.parametrize(("page", "words"), [("/terms", "Terms of use"), ("/privacy", "14 days")])
def test_the_texts_are_there_to_read(client: Client, page: str, words: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_news_by_mail_is_one_choice_whichever_way_it_is_made(viewer: User, api_as: ApiAs) -> None:
    api = api_as(viewer)
    api.put(CONSENTS, {"purpose": "MARKETING_EMAIL", "granted": True})
    assert NEWS in api.get(PREFERENCES).json()["emailedTypes"]
    api.put(PREFERENCES, {"emailedTypes": ["SYSTEM"]})
    assert text() == [("MARKETING_EMAIL", True), ("MARKETING_EMAIL", False)]
    api.put(PREFERENCES, {"emailedTypes": ["SYSTEM", NEWS]})
    mail_stop(user_id=viewer.pk, kind=NEWS)
    assert text()[2:] == [("MARKETING_EMAIL", True), ("MARKETING_EMAIL", False)]
    assert api.get(PREFERENCES).json()["emailedTypes"] == ["SYSTEM"]


def test_without_a_choice_no_marketing_consent_is_recorded(viewer: User, api_as: ApiAs) -> None:
    api_as(viewer).put(PREFERENCES, {"emailedTypes": []})
    assert text() == []
