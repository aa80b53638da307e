"""The fast path: the same bytes as Django's, each request for itself, and every change seen."""

import asyncio
import io
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import orjson
import pytest
import time_machine
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, connection, transaction
from django.middleware.csrf import get_token
from django.test.client import ClientHandler
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from redis.exceptions import ConnectionError as RedisGone

from accounts.auth.middleware import SESSION_KEY
from accounts.models import SessionKind, User
from accounts.services.moderation import user_ban
from accounts.services.sessions import (
    Device,
    session_issue_tokens,
    session_start,
    user_sessions_revoke,
)
from billing.models import Plan
from billing.services.complimentary import subscription_grant
from catalog.models import Movie, WatchHistory
from kushfilms.core.fast_path.batches import LOCK_MILLISECONDS, Batches
from kushfilms.core.fast_path.responses import FastResponse
from kushfilms.fast_path import fast_path
from streaming.models import PlaybackSession, VideoAsset
from streaming.services.heartbeats import PlayerReport, heartbeats_store
from streaming.tests.stored_packages import finish
from tests.concurrency import at_once
from tests.factories import MovieFactory, UserFactory
from tests.fast_path import Environ, fast_answer

pytestmark = pytest.mark.django_db
BROWSER = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br", "HTTP_ACCEPT": "*/*"}
PATHS = ("auth/me", "users/history", "movies/{}/stream", "movies/{}/watch")
# What two answers to one request differ in: the new session, and the token that names it.
OF_ONE_PLAY = re.compile(rb'"id":"[0-9a-f-]{36}","heartbeat|/hls/[^/]+/')


@pytest.fixture
def film(make_asset: Callable[..., VideoAsset]) -> Movie:
    movie: Movie = MovieFactory.create(access_level=Plan.FREE, playable=True, duration=60)
    finish(make_asset(movie=movie))
    return movie


def environ_of(method: str, path: str, *, body: bytes = b"", **more: Any) -> Environ:
    environ: Environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": f"/api/v1/{path}",
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "REMOTE_ADDR": "10.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if body:
        environ |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))}
    return environ | more


def app_of(user: User) -> dict[str, Any]:
    """Return the headers of an app in which the person has just signed in."""
    session = session_start(user, kind=SessionKind.API, device=Device(ip="10.0.0.1"))
    return {"HTTP_AUTHORIZATION": f"Bearer {session_issue_tokens(session).access}"}


def browser_of(user: User) -> dict[str, Any]:
    """Return the headers of the site's own scripts in a browser of the person."""
    session = session_start(user, kind=SessionKind.WEB, device=Device(ip="10.0.0.1"))
    store = SessionStore()
    store[SESSION_KEY] = str(session.pk)
    page = WSGIRequest(environ_of("GET", ""))
    token = get_token(page)
    cookies = f"sessionid={store._get_session_key()}; csrftoken={page.META['CSRF_COOKIE']}"
    return {"HTTP_COOKIE": cookies, "HTTP_X_CSRFTOKEN": token}


def from_django(environ: Environ) -> tuple[int, dict[str, Any], bytes]:
    handler = ClientHandler(enforce_csrf_checks=True)
    environ["wsgi.input"].seek(0)
    answer: Any = handler(dict(environ))
    return answer.status_code, dict(answer.headers), answer.content


def comparable(status: int, headers: dict[str, Any], body: bytes) -> tuple[Any, ...]:
    """Return an answer without its request id, with headers that are sets as sets."""
    lists = {"Vary": ",", "Content-Security-Policy": ";"}
    seen = {
        name: {part.strip() for part in value.split(lists[name])} if name in lists else value
        for name, value in headers.items()
        if name not in {"X-Request-Id", "Content-Length"}
    }
    return status, seen, OF_ONE_PLAY.sub(b"", body)


def compare(environ: Environ) -> FastResponse | None:
    """Check that both ways answer the same; return the fast path's answer, if it gave any."""
    fast = fast_answer(environ)
    if fast is not None:
        own = comparable(fast.status, dict(fast.headers), fast.body)
        assert own == comparable(*from_django(environ))
        assert dict(fast.headers)["Content-Length"] == str(len(fast.body))
    return fast


# ── The same bytes ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("client", [app_of, browser_of])
def test_usual_requests_take_it_and_get_the_bytes_of_django(
    film: Movie, viewer: User, path: str, client: Callable[[User], dict[str, Any]]
) -> None:
    headers = client(viewer)
    is_watch = path.endswith("watch")
    body = b'{"progress": 12.5, "sequence": 3}' if is_watch else b""
    method = "POST" if is_watch else "GET"
    with time_machine.travel(timezone.now(), tick=False):
        for more in ({}, BROWSER, {"HTTP_X_FORWARDED_FOR": "1.2.3.4"}):
            # A play's answer has a token of its own, and so compresses to other bytes.
            if not (more and path.endswith("stream")):
                environ = environ_of(method, path.format(film.pk), body=body, **headers, **more)
                assert compare(environ) is not None


def test_a_heartbeat_of_a_session_gets_the_bytes_of_django(film: Movie, viewer: User) -> None:
    headers = app_of(viewer)
    play = play_of(film, viewer, headers)
    with time_machine.travel(timezone.now() + timedelta(seconds=5), tick=False):
        said = {
            "progress": 7,
            "sessionId": str(play.pk),
            "sequence": 1,
            "at": "2026-11-30T10:00:00Z",
        }
        body = orjson.dumps(said)
        path = f"movies/{film.slug}/watch"
        answer = compare(environ_of("POST", path, body=body, **headers))
    assert answer is not None
    assert orjson.loads(answer.body)["streamUrl"].startswith("http://testserver/hls/")


def play_of(film: Movie, viewer: User, headers: dict[str, Any]) -> PlaybackSession:
    answer = fast_answer(environ_of("GET", f"movies/{film.pk}/stream", **headers))
    assert answer is not None
    return PlaybackSession.objects.get(user=viewer)


@pytest.mark.parametrize("path", PATHS[2:])
def test_refusals_are_those_of_django(film: Movie, viewer: User, path: str) -> None:
    Movie.objects.filter(pk=film.pk).update(access_level=Plan.PREMIUM)
    method, body = ("POST", b'{"progress": 1}') if path.endswith("watch") else ("GET", b"")
    answer = compare(environ_of(method, path.format(film.pk), body=body, **app_of(viewer)))
    assert answer is not None
    assert (answer.status, orjson.loads(answer.body)["requiredPlan"]) == (403, "PREMIUM")


TEXTS = some.text(max_size=5)
INTEGERS = some.integers(-(2**63), 2**64 - 1)  # as JSON of the tests' library can hold
VALUES = some.none() | some.booleans() | INTEGERS | some.floats() | TEXTS | some.uuids()
PROGRESS = some.integers(-2, 200) | some.floats(0, 200) | VALUES
MOMENTS = some.datetimes().map(lambda at: f"{at.isoformat(timespec='milliseconds')}Z") | VALUES
BODIES = some.fixed_dictionaries(
    {"progress": PROGRESS},
    optional={
        "sessionId": VALUES,
        "sequence": some.integers(-2, 2**32) | VALUES,
        "at": MOMENTS,
        "ended": VALUES,
        "other": VALUES,
    },
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=BODIES.map(orjson.dumps) | some.binary(max_size=30))
def test_any_body_means_the_same_to_both(film: Movie, viewer: User, body: bytes) -> None:
    # Hundreds of examples of one person pass the limit of a person's requests.
    cache.delete_pattern("*")  # type: ignore[attr-defined]  # of django-redis
    headers = app_of(viewer)
    with transaction.atomic(), time_machine.travel(timezone.now(), tick=False):
        compare(environ_of("POST", f"movies/{film.pk}/watch", body=body, **headers))
        transaction.set_rollback(True)


@pytest.mark.parametrize("ended", [None, 0, "", [], "false", True])
def test_an_end_that_is_not_plainly_false_is_left_to_django(
    film: Movie, viewer: User, ended: object
) -> None:
    body = orjson.dumps({"progress": 1, "ended": ended})
    path = f"movies/{film.pk}/watch"
    assert fast_answer(environ_of("POST", path, body=body, **app_of(viewer))) is None


@pytest.mark.parametrize(
    "more",
    [
        {"QUERY_STRING": "limit=3"},
        {"HTTP_ACCEPT": "text/html"},
        {"HTTP_HOST": "elsewhere.example"},
        {"HTTP_AUTHORIZATION": "Bearer no.token.atall"},
        {"HTTP_AUTHORIZATION": "Basic eDp5"},
        {"HTTP_COOKIE": "sessionid=forged"},
        {"REQUEST_METHOD": "DELETE"},
        {"PATH_INFO": "/api/v1/users/history/"},
    ],
)
def test_unusual_requests_are_left_to_django(viewer: User, more: dict[str, str]) -> None:
    environ = environ_of("GET", "users/history", **app_of(viewer) | more)
    assert fast_path.answer_alone(environ) is None


def test_a_cookie_from_another_origin_is_left_to_django(viewer: User, settings: Any) -> None:
    environ = environ_of("GET", "auth/me", **browser_of(viewer), HTTP_ORIGIN="https://app.test")
    assert fast_answer(environ) is not None  # without other origins, the header means nothing
    settings.CORS_ALLOWED_ORIGINS = ["https://app.test"]
    assert fast_answer(environ) is None


def test_a_forged_post_with_the_cookie_is_left_to_django(film: Movie, viewer: User) -> None:
    headers = browser_of(viewer) | {"HTTP_X_CSRFTOKEN": "a" * 32}
    path = f"movies/{film.pk}/watch"
    assert fast_answer(environ_of("POST", path, body=b'{"progress": 1}', **headers)) is None
    assert not WatchHistory.objects.exists()


# ── Each request for itself ─────────────────────────────────────────────────────────────


def test_a_batch_answers_each_with_its_own(film: Movie, make_asset: Any) -> None:
    people = UserFactory.create_batch(3)
    environs = [environ_of("GET", "auth/me", **app_of(person)) for person in people]
    found = [fast_path._find(environ) for environ in environs]
    answers = fast_path.answers(found[0][1], [each[0] for each in found if each])  # type: ignore[index]
    emails = [orjson.loads(answer.body)["email"] for answer in answers if answer]
    assert emails == [person.email for person in people]


def test_reports_about_one_film_in_one_batch_keep_their_order(film: Movie, viewer: User) -> None:
    me = principal_of(viewer)
    play = play_of(film, viewer, app_of(viewer))
    reports = [
        PlayerReport(me, film, progress, session_id=play.pk, sequence=sequence)
        for progress, sequence in ((30, 3), (10, 1), (20, 2))
    ]
    stored = heartbeats_store(reports, now=timezone.now())
    assert [each.progress.seconds for each in stored] == [30, 30, 30]  # type: ignore[union-attr]
    assert WatchHistory.objects.get().sequence == 3


@pytest.mark.django_db(transaction=True)
def test_a_film_that_was_just_deleted_fails_only_its_own_request(film: Movie, viewer: User) -> None:
    gone = Movie(pk=uuid4(), duration=60, published=True, playable=True)
    headers = app_of(viewer)
    paths = [f"movies/{film.pk}/watch", f"movies/{gone.pk}/watch"]
    environs = [environ_of("POST", path, body=b'{"progress": 5}', **headers) for path in paths]
    found = [fast_path._find(environ) for environ in environs]
    films = {str(film.pk): film, str(gone.pk): gone}
    with patch("streaming.api.fast_path.movies_to_watch", lambda _references: films):
        answers = fast_path.answers(found[0][1], [each[0] for each in found if each])  # type: ignore[index]
    assert [bool(answer) for answer in answers] == [True, False]
    assert WatchHistory.objects.get().movie_id == film.pk


def principal_of(user: User) -> Any:
    from accounts.auth.principal import principal_load

    session = session_start(user, kind=SessionKind.API, device=Device(ip="10.0.0.1"))
    return principal_load(session.pk)


@pytest.mark.django_db(transaction=True)
def test_concurrent_heartbeats_never_move_a_position_back(film: Movie, viewer: User) -> None:
    me = principal_of(viewer)
    play = play_of(film, viewer, app_of(viewer))

    def report(sequence: int) -> Any:
        said = PlayerReport(me, film, float(sequence), session_id=play.pk, sequence=sequence)
        return heartbeats_store([said], now=timezone.now())

    at_once(report, [7, 3, 40, 12, 33, 5, 21, 39], threads=4)
    row = WatchHistory.objects.get()
    assert (row.progress, row.sequence) == (40, 40)


@pytest.mark.django_db(transaction=True)
def test_two_orders_of_the_same_people_do_not_deadlock(film: Movie) -> None:
    people = [principal_of(user) for user in UserFactory.create_batch(8)]

    def store(order: int) -> int:
        for second in range(10):
            reports = [PlayerReport(who, film, float(second)) for who in people[::order]]
            heartbeats_store(reports, now=timezone.now())
        return order

    assert at_once(store, [1, -1, 1, -1]) == [1, -1, 1, -1]
    assert WatchHistory.objects.filter(progress=9).count() == len(people)


# ── Changes are seen by the next request ────────────────────────────────────────────────


def _ban(user: User, admin: User) -> None:
    user_ban(user, by=admin, reason="spam")


def _sign_out(user: User, _admin: User) -> None:
    user_sessions_revoke(user, reason="test")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [_ban, _sign_out])
@pytest.mark.parametrize("client", [app_of, browser_of])
def test_a_ban_and_a_sign_out_end_it(
    viewer: User, admin: User, end: Callable[[User, User], None], client: Any
) -> None:
    environ = environ_of("GET", "auth/me", **client(viewer))
    assert fast_path.answer_alone(environ) is not None
    end(viewer, admin)
    assert fast_path.answer_alone(environ) is None
    assert from_django(environ)[0] == 401


@pytest.mark.django_db(transaction=True)
def test_a_new_plan_opens_films_at_once(film: Movie, viewer: User) -> None:
    Movie.objects.filter(pk=film.pk).update(access_level=Plan.PREMIUM)
    environ = environ_of("GET", f"movies/{film.pk}/stream", **app_of(viewer))
    refused = fast_path.answer_alone(environ)
    assert refused is not None
    assert refused.status == 403
    subscription_grant(viewer, plan=Plan.PREMIUM, until=timezone.now() + timedelta(days=1))
    opened = fast_path.answer_alone(environ)
    assert opened is not None
    assert opened.status == 200


# ── Faults ──────────────────────────────────────────────────────────────────────────────


def test_limits_count_a_request_once(viewer: User, settings: Any, fresh_window: None) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "signed_in": "2/900"}
    environ = environ_of("GET", "users/history", **app_of(viewer))
    assert fast_answer(environ) is not None
    assert fast_answer(environ) is not None
    assert fast_answer(environ) is None
    assert from_django(environ)[0] == 429
    key = cache.client.make_key("*throttle:signed_in:u:*")  # type: ignore[attr-defined]
    client = cache.client.get_client()  # type: ignore[attr-defined]
    assert [int(client.get(name)) for name in client.keys(key)] == [3]


def test_without_redis_django_answers(viewer: User) -> None:
    environ = environ_of("GET", "users/history", **app_of(viewer))
    with patch("accounts.auth.batch_identity._principals", side_effect=RedisGone):
        assert fast_path.answer_alone(environ) is None


def test_an_error_leaves_the_request_to_django(viewer: User) -> None:
    environ = environ_of("GET", "users/history", **app_of(viewer))
    with patch("catalog.api.fast_path.histories_begin", side_effect=DatabaseError):
        assert fast_answer(environ) is None
    assert from_django(environ)[0] == 200


@pytest.mark.django_db(transaction=True)
def test_a_locked_row_holds_up_nobody_else(film: Movie) -> None:
    """A batch gives up on a lock soon, and then answers each of its requests alone."""
    locked, free = UserFactory.create_batch(2)
    environs = [
        environ_of("GET", f"movies/{film.pk}/stream", **app_of(user)) for user in (locked, free)
    ]
    is_locked = threading.Event()
    is_over = threading.Event()

    def hold(_: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT FROM accounts_user WHERE id = %s FOR UPDATE", [locked.pk])
            is_locked.set()
            is_over.wait(30)

    async def ask() -> list[FastResponse | None]:
        await asyncio.to_thread(is_locked.wait, 30)
        answers = await asyncio.gather(*(fast_path.answer(each) for each in environs))
        is_over.set()
        return list(answers)

    _, answers = at_once(lambda call: call(0), [hold, lambda _: asyncio.run(ask())])
    assert [bool(answer) for answer in answers] == [False, True]


def test_a_failing_batch_gives_no_results_and_the_next_one_works() -> None:
    def work(items: list[int]) -> list[int | None]:
        if 0 in items:
            raise ValueError
        return [item * 2 for item in items]

    batches = Batches(work, name="test")

    async def ask() -> tuple[int | None, list[int | None]]:
        failed = await batches.result_of(0)
        return failed, list(await asyncio.gather(*map(batches.result_of, range(1, 100))))

    [(failed, results)] = at_once(lambda _: asyncio.run(ask()), [0])
    assert failed is None
    assert results == [number * 2 for number in range(1, 100)]
    assert LOCK_MILLISECONDS < 1000
