"""Permissions of every row of `table.py`; a URL missing from it fails."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.auth.middleware import SESSION_KEY
from accounts.models import SessionKind, User
from accounts.roles import Role
from accounts.services.sessions import Device, session_issue_tokens, session_start
from tests.factories import UserFactory
from tests.permissions.table import ELSEWHERE, MODELS, ROWS, Row
from tests.permissions.world import World, world_of

PEOPLE = ("visitor", "owner", "other viewer", "moderator", "admin", "super admin")
DOOR = "iii"
DOORS = ("/login?", "/admin/login/")
WRITES = ("INSERT", "UPDATE", "DELETE")
# The time of use is recorded for every request.
NOT_A_CHANGE = ("accounts_session", "django_session")


pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Credentials:
    """Return the credentials of a client; none for a visitor."""

    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


class Changes:
    """Wrapper of the database's cursor; `made` are the statements that changed a row."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        text = str(sql)
        wrote = text.startswith(WRITES) and context["cursor"].rowcount > 0
        if wrote and not any(table in text for table in NOT_A_CHANGE):
            self.made.append(text)
        return result


def model_rows() -> Iterator[Row]:
    for label, (see, add, change, delete) in MODELS.items():
        pages = f"admin/{label.replace('.', '/')}/"
        yield "GET", pages, DOOR + see
        yield "GET", f"{pages}<row>/change/", DOOR + see
        # The history of a row is a part of the audit log.
        yield "GET", f"{pages}<row>/history/", DOOR + ("xx+" if see[2] == "+" else "xxx")
        yield "GET", f"{pages}add/", DOOR + add
        yield "POST", f"{pages}add/", DOOR + add
        yield "POST", f"{pages}<row>/change/", DOOR + change
        yield "GET", f"{pages}<row>/delete/", DOOR + delete
        yield "POST", f"{pages}<row>/delete/", DOOR + delete


def routes(resolver: Any, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


def test_every_url_is_in_the_table() -> None:
    listed = {route.partition("?")[0] for _method, route, _letters in ROWS} | set(ELSEWHERE)
    pages = {f"admin/{label.replace('.', '/')}/" for label in MODELS}
    object_id = "<path:object_id>/"
    tails = (
        "",
        "add/",
        object_id,
        *(f"{object_id}{verb}/" for verb in ("history", "delete", "change")),
    )
    listed |= {f"{page}{tail}" for page in pages for tail in tails}
    there = set(routes(get_resolver()))
    assert there - listed == set(), "put these into tests/permissions/table.py"
    assert listed - there == set(), "these are gone"


def by_area() -> dict[str, list[Row]]:
    """Share one world between rows of an area, as each is rolled back."""
    areas: dict[str, list[Row]] = {}
    for row in [*ROWS, *model_rows()]:
        words = row[1].removeprefix("api/v1/").split("/")
        areas.setdefault("/".join(words[: 2 if words[0] == "admin" else 1]), []).append(row)
    return areas


@pytest.mark.parametrize("area", by_area())
def test_rows(area: str) -> None:
    owner = UserFactory.create(name="Owner")
    world, people = world_of(owner), _people(owner)
    signed_in = {api: [_sign_in(person, api=api) for person in people] for api in (True, False)}
    wrong = {}
    for method, route, letters in by_area()[area]:
        said = "".join(
            _ask(credentials, world, method=method, route=route, wanted=letter)
            for credentials, letter in zip(
                signed_in[route.startswith("api/")], letters, strict=True
            )
        )
        if said != letters:
            wrong[f"{method} {route}"] = {
                person: pair for person, *pair in zip(PEOPLE, said, letters, strict=True)
            }
    assert wrong == {}, "got, and should have"


@pytest.mark.parametrize("way", ["fast path"], indirect=True)
@pytest.mark.parametrize("area", ["auth", "movies", "users"])
def test_rows_with_the_fast_path(area: str, way: list[str]) -> None:
    test_rows(area)
    assert way, "no row took it"


def _people(owner: User) -> list[User | None]:
    staff = [
        UserFactory.create(role=role) for role in (Role.MODERATOR, Role.ADMIN, Role.SUPER_ADMIN)
    ]
    return [None, owner, UserFactory.create(name="Other"), *staff]


def _ask(who: Credentials, world: World, *, method: str, route: str, wanted: str) -> str:
    """Return the mark of a person's response; its effects are rolled back."""
    cache.delete_pattern("*")  # type: ignore[attr-defined]  # of django-redis
    point = transaction.savepoint()
    client = Client(headers=who.headers)
    client.cookies.load(who.cookies)
    changes = Changes()
    with connection.execute_wrapper(changes):
        answer = client.generic(method, _address(world, route), *_body(route))
    letter = _letter(answer)
    if letter == "+" and not changes.made and wanted == "-":
        letter = "-"
    if letter != "+":
        assert changes.made == [], f"refused ({letter}), and yet"
    transaction.savepoint_rollback(point)
    return letter


def _sign_in(person: User | None, *, api: bool) -> Credentials:
    """Sign in once for all rows, as changes of the session are rolled back."""
    if person is None:
        return Credentials()
    kind = SessionKind.API if api else SessionKind.WEB
    session = session_start(person, kind=kind, device=Device(ip="10.0.0.1"))
    if api:
        token = session_issue_tokens(session).access
        return Credentials(headers={"Authorization": f"Bearer {token}"})
    cookie = SessionStore()
    cookie[SESSION_KEY] = str(session.pk)
    cookie.save()
    return Credentials(cookies={settings.SESSION_COOKIE_NAME: str(cookie.session_key)})


def _address(world: World, route: str) -> str:
    if "<row>" not in route:
        return world.fill(route)
    _admin, app, model, *_ = route.split("/")
    return "/" + route.replace("<row>", str(world.rows[f"{app}.{model}"].pk))


def _body(route: str) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    return (b"{}", "application/json") if route.startswith("api/") else (b"", form)


def _letter(answer: Any) -> str:
    to_the_door = answer.status_code == 302 and answer["Location"].startswith(DOORS)
    if to_the_door or answer.status_code == 401:
        return "i"
    assert answer.status_code < 500, answer.content.decode()[:500]
    return {403: "x", 404: "."}.get(answer.status_code, "+")
