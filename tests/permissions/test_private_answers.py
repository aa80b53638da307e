"""Cache headers of every operation of the API and every personal page."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import resolve

from kushfilms.core.api.public_read import PublicRead
from tests.factories import UserFactory
from tests.permissions.table import ROWS
from tests.permissions.test_table import _address, _body, _sign_in
from tests.permissions.world import world_of

API = [(method, route) for method, route, _ in ROWS if route.startswith("api/v1/")]
OWN_PAGES = [
    (method, route)
    for method, route, _ in ROWS
    if route.startswith(("account", "login", "register", "reset", "verify", "tv", "email"))
]

pytestmark = pytest.mark.django_db


class Asker:
    """Request one row after the other, each rolled back."""

    def __init__(self, *, as_owner: bool) -> None:
        owner = UserFactory.create()
        self._world = world_of(owner)
        self._who = {api: _sign_in(owner if as_owner else None, api=api) for api in (True, False)}

    def ask(self, method: str, route: str) -> tuple[Any, str]:
        cache.delete_pattern("*")  # type: ignore[attr-defined]  # of django-redis
        who, url = self._who[route.startswith("api/")], _address(self._world, route)
        client = Client(headers=who.headers)
        client.cookies.load(who.cookies)
        point = transaction.savepoint()
        answer = client.generic(method, url, *_body(route))
        transaction.savepoint_rollback(point)
        return answer, url


def _public(url: str) -> bool:
    view = getattr(resolve(url.partition("?")[0]).func, "cls", None)
    return isinstance(view, type) and issubclass(view, PublicRead)


@pytest.mark.parametrize("as_owner", [True, False])
def test_responses_are_private_unless_public(as_owner: bool) -> None:
    wrong, asker = {}, Asker(as_owner=as_owner)
    for method, route in API:
        answer, url = asker.ask(method, route)
        said = answer.get("Cache-Control", "")
        everybodys = method == "GET" and answer.status_code == 200 and _public(url)
        if everybodys != said.startswith("public") or everybodys == ("no-store" in said):
            wrong[f"{method} {route} {answer.status_code}"] = said
    assert wrong == {}


def test_personal_pages_are_not_stored() -> None:
    wrong, asker = {}, Asker(as_owner=True)
    for method, route in OWN_PAGES:
        answer, _url = asker.ask(method, route)
        html = answer.get("Content-Type", "").startswith("text/html")
        if html and answer.status_code != 302 and "no-store" not in answer.get("Cache-Control", ""):
            wrong[f"{method} {route}"] = answer.get("Cache-Control", "")
    assert wrong == {}


def test_tokens_are_not_stored(password: str) -> None:
    body = {"email": "n@example.ug", "password": password, "name": "Nakato"}
    for url in ("/api/v1/auth/register", "/api/v1/auth/login"):
        answer = Client().post(url, body, content_type="application/json")
        assert answer["Cache-Control"] == "private, no-store"
    refresh = {"refreshToken": answer.json()["refreshToken"]}
    answer = Client().post("/api/v1/auth/refresh", refresh, content_type="application/json")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
