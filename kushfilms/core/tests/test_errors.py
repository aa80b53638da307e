"""Errors: one JSON shape below /api/, pages elsewhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from catalog.api import views
from kushfilms.core.api.errors import field_errors
from kushfilms.core.errors import Unavailable

MOVIES = "/api/v1/movies"


@pytest.mark.parametrize("url", ["/api/nope", "/api/v1/nope", "/api/v1/movies/", "/api/v1/a%00b"])
def test_unknown_addresses(api: APIClient, url: str) -> None:
    answer = api.get(url)
    assert answer.status_code == 404
    assert answer.json() == {
        "error": "Not Found",
        "code": "not_found",
        "message": "We can't find this page.",
    }


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (Unavailable("Later.", retry_after_seconds=7), 503, "unavailable"),
        (OperationalError("secret dsn"), 503, "unavailable"),
    ],
)
def test_an_unavailable_service_is_a_503(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, raised: Exception, status: int, code: str
) -> None:
    monkeypatch.setattr(views, "audience_of", _raiser(raised))
    answer = api.get(MOVIES)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert int(answer["Retry-After"]) > 0
    assert "secret" not in answer.content.decode()


def test_a_crash_reveals_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "audience_of", _raiser(RuntimeError("secret dsn")))
    api = APIClient(raise_request_exception=False)
    answer = api.get(MOVIES)
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert "secret" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    [
        "/subscribe/done?session=%00",
        "/admin/accounts/user/?role=%00",
        "/admin/billing/payment/?currency=%00",
    ],
)
def test_a_parameter_that_the_database_cannot_hold_is_a_client_error(
    super_admin: User, site_as: Callable[[User], Client], url: str
) -> None:
    browser = site_as(super_admin)
    answer = browser.get(url)
    assert answer.status_code == 400
    assert b"request is not valid" in answer.content


@pytest.mark.django_db
def test_a_form_value_that_the_database_cannot_hold_is_a_client_error(
    super_admin: User, basic_viewer: User, site_as: Callable[[User], Client]
) -> None:
    browser = site_as(super_admin)
    url = f"/admin/accounts/user/{basic_viewer.pk}/take-back/"
    assert browser.post(url, {"reason": "a\0b"}).status_code == 400


def test_a_page_that_crashes_is_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.views.home.hero_candidates", _raiser(RuntimeError("secret dsn")))
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert b"Something went wrong" in answer.content
    assert b"secret" not in answer.content


@pytest.mark.django_db
def test_a_stale_form_shows_an_error_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/login", {"email": "a"})
    assert answer.status_code == 403
    assert b"This page is out of date" in answer.content


def test_nested_faults_are_flattened() -> None:
    detail: Any = {"parts": [{}, {"etag": ["Missing."]}], "a": ["b"]}
    assert field_errors(detail) == {"parts.1.etag": ["Missing."], "a": ["b"]}
    assert field_errors(["x"]) == {"body": ["x"]}


def _raiser(exc: Exception) -> Any:
    def fail(*_: Any, **__: Any) -> Any:
        raise exc

    return fail
