"""Public reads from memory: two nodes over one database, through WSGI."""

import gzip
import json
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import product
from types import SimpleNamespace
from typing import Any
from wsgiref.util import setup_testing_defaults

import brotli
import psycopg
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.utils import timezone

from catalog.api import cards
from catalog.api.film_details import DETAIL_SHORTCUT
from catalog.models import Category, Credit, FormerSlug, Movie, Season, SlugKind
from catalog.services.favorites import favorite_add
from catalog.services.films import movie_publish, movie_unpublish
from kushfilms.core.public_cache import (
    ChangeListener,
    Memory,
    PublicAnswers,
    Shortcut,
    lru_store,
    memory,
)
from kushfilms.core.public_cache.listener import _connect
from streaming.models import VideoAsset
from tests.concurrency import at_once
from tests.factories import (
    MORNING,
    CategoryFactory,
    CreditFactory,
    EpisodeFactory,
    MovieFactory,
    PersonFactory,
    SeasonFactory,
    SeriesFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/api/v1/movies"


class Answer:
    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.body = int(status[:3]), body
        self.headers = {name.lower(): value for name, value in headers}


def _ask(application: Any, url: str, *, method: str, **headers: str) -> Answer:
    told: list[Any] = []
    path, _, query = url.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query,
        "wsgi.input": BytesIO(), "HTTP_HOST": "testserver", **headers,
    }  # fmt: skip
    setup_testing_defaults(environ)
    answer = application(environ, lambda *args: told.extend(args))
    body = b"".join(answer)
    getattr(answer, "close", lambda: None)()
    return Answer(told[0], told[1], body)


class Node:
    """A web process with its cache; `rendered` counts the requests that reached Django."""

    def __init__(
        self,
        *,
        most_bytes: int = 1_000_000,
        slow_seconds: float = 0,
        shortcuts: Collection[Shortcut] = (),
    ) -> None:
        self.rendered, self._django, self._slow = 0, get_wsgi_application(), slow_seconds
        self._lock = threading.Lock()
        self.connections: list[psycopg.Connection[Any]] = []
        self.listener = ChangeListener(self._listening)
        self.memory = Memory(most_bytes=most_bytes, changes=self.listener)
        self.app = PublicAnswers(self._count, memory=self.memory, shortcuts=shortcuts)

    def _listening(self) -> psycopg.Connection[Any]:
        self.connections.append(_connect())
        return self.connections[-1]

    def _count(self, environ: Any, start_response: Any) -> Any:
        with self._lock:
            self.rendered += 1
        time.sleep(self._slow)
        return self._django(environ, start_response)

    def get(self, url: str = LIST, *, method: str = "GET", **headers: str) -> Answer:
        return _ask(self.app, url, method=method, **headers)

    def asked_of_django(self, url: str, **headers: str) -> Answer:
        return _ask(self._django, url, method="GET", **headers)

    def hears(self) -> Callable[[], bool]:
        """Return whether a change arrived since the call."""
        before = self.listener.generation
        return lambda: self.listener.generation != before

    def ready(self) -> "Node":
        self.get("/healthz")  # the first request begins to listen
        until(lambda: self.listener.generation is not None)
        self.rendered = 0
        return self


def until(holds: Callable[[], bool], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def _hosts(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.fixture
def nodes() -> Iterator[Callable[..., Node]]:
    made: list[Node] = []

    def make(**options: Any) -> Node:
        made.append(Node(**options))
        return made[-1].ready()

    yield make
    for node in made:
        for held in node.connections:
            held.close()
        node.listener._connect = _gone


def _gone() -> Any:
    time.sleep(3600)


# ── What is answered ────────────────────────────────────────────────────────────────────


def test_the_second_request_is_answered_from_memory(nodes: Any) -> None:
    MovieFactory.create(title="Seven Hills")
    node = nodes()
    first = node.get()
    second = node.get(
        HTTP_AUTHORIZATION="Bearer anything", HTTP_COOKIE="a=b", HTTP_ACCEPT_LANGUAGE="sw"
    )
    assert (first.status, second.status, node.rendered) == (200, 200, 1)
    assert first.body == second.body
    assert b"Seven Hills" in first.body
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    for name in ("etag", "cache-control", "content-type", "vary", "x-content-type-options"):
        assert first.headers[name] == second.headers[name]
    assert first.headers["vary"] == "Accept-Encoding"


def test_the_same_question_in_another_order_is_the_same(nodes: Any) -> None:
    node = nodes()
    node.get(f"{LIST}?sort=title&year=2024")
    node.get(f"{LIST}?year=2024&sort=title")
    assert node.rendered == 1
    for other in (f"{LIST}?sort=title", f"{LIST}?sort=title&year=2023"):
        node.get(other)
    node.get(f"{LIST}?sort=title&year=2024", HTTP_HOST="testserver:81")
    assert node.rendered == 4


def test_countries_do_not_share(nodes: Any, settings: Any) -> None:
    settings.COUNTRY_HEADER = "CF-IPCountry"
    MovieFactory.create(title="Home", allowed_countries=["UG"])
    node = nodes()
    for _ in range(2):
        assert b"Home" in node.get(HTTP_CF_IPCOUNTRY="UG").body
        assert b"Home" not in node.get(HTTP_CF_IPCOUNTRY="KE").body
    assert node.rendered == 2
    assert node.get(HTTP_CF_IPCOUNTRY="KE").headers["vary"] == "Accept-Encoding, CF-IPCountry"


def test_encodings_are_made_once_and_mean_the_same(nodes: Any) -> None:
    MovieFactory.create_batch(5)
    node = nodes()
    plain = node.get()
    packed = {name: node.get(HTTP_ACCEPT_ENCODING=name) for name in ("gzip", "br")}
    assert gzip.decompress(packed["gzip"].body) == plain.body
    assert brotli.decompress(packed["br"].body) == plain.body
    for name, answer in packed.items():
        assert answer.headers["content-encoding"] == name
        assert answer.headers["etag"] == f"W/{plain.headers['etag']}"
        assert int(answer.headers["content-length"]) == len(answer.body) < len(plain.body)
    assert node.rendered == 1


def test_conditions_heads_and_ranges(nodes: Any) -> None:
    MovieFactory.create_batch(3)
    node = nodes()
    full = node.get()
    etag = full.headers["etag"]
    for held in (etag, f"W/{etag}", f'"x", W/{etag} , "y"', "*"):
        answer = node.get(HTTP_IF_NONE_MATCH=held)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag), held
        assert answer.headers["cache-control"] == "public, no-cache"
    for held in ('"x"', "", etag.strip('"')):
        assert node.get(HTTP_IF_NONE_MATCH=held).status == 200
    ranged = node.get(HTTP_RANGE="bytes=0-3")
    assert (ranged.status, ranged.body) == (200, full.body)
    head = node.get(method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == full.headers["content-length"]
    assert node.rendered == 1
    assert node.get(HTTP_ACCEPT="text/html").status == 406


def test_private_responses_are_passed_on(nodes: Any) -> None:
    movie = MovieFactory.create()
    node = nodes()
    for url, status in [
        ("/api/v1/auth/me", 401),
        (f"{LIST}/nothing", 404),
        (f"{LIST}?limit=0", 400),
        (f"{LIST}/{movie.slug}/comments", 200),
        ("/login", 200),
    ]:
        node.rendered = 0
        assert [node.get(url).status for _ in range(2)] == [status, status]
        assert node.rendered == 2, url


def test_the_memory_is_bounded(nodes: Any) -> None:
    node = nodes(most_bytes=12_000)
    for year in range(1990, 2010):
        node.get(f"{LIST}?year={year}")
    entries = node.memory._entries.values()
    assert 0 < node.memory.used_bytes <= 12_000
    assert node.memory.used_bytes == sum(entry.size + memory.OVERHEAD_BYTES for entry in entries)
    node.rendered = 0
    node.get(f"{LIST}?year=2009")
    node.get(f"{LIST}?year=1990")
    assert node.rendered == 1  # the latest is there, the first has gone


# ── Changes ─────────────────────────────────────────────────────────────────────────────


def _changes() -> dict[str, Callable[[], Any]]:
    movie = MovieFactory.create(title="Before")
    asset = VideoAsset.objects.create(movie=movie, filename="a.mp4", source_key="a", source_size=1)
    shelf, person, series = CategoryFactory.create(), PersonFactory.create(), SeriesFactory.create()
    return {
        "a film's title": lambda: Movie.objects.filter(pk=movie.pk).update(title="After"),
        "a film more": MovieFactory.create,
        "unpublished": lambda: movie_unpublish(movie),
        "published": lambda: movie_publish(movie, now=MORNING),
        "a category": lambda: type(shelf).objects.filter(pk=shelf.pk).update(name="Other"),
        "a person": lambda: type(person).objects.filter(pk=person.pk).update(name="Other"),
        "a series": lambda: type(series).objects.filter(pk=series.pk).update(title="Other"),
        "another package": lambda: VideoAsset.objects.filter(pk=asset.pk).update(tracks_version=9),
        "a film gone": movie.delete,
    }


def test_an_edit_on_one_node_shows_on_the_other(nodes: Any) -> None:
    changes, (one, other) = _changes(), (nodes(), nodes())
    for what, change in changes.items():
        for node in (one, other):
            node.get()
            node.rendered = 0
            node.get()
            assert node.rendered == 0, what
        heard = [one.hears(), other.hears()]
        change()
        for hears in heard:
            until(hears, seconds=2)
        for node in (one, other):
            node.get()
            assert node.rendered == 1, what
    assert b"After" not in one.get().body


def _shown_in() -> dict[str, Callable[[], Any]]:
    """Return changes of what a film's detail shows."""
    person = PersonFactory.create(name="Before")
    category = CategoryFactory.create()
    film = MovieFactory.create(slug="shown", category=category)
    CreditFactory.create(movie=film, person=person)
    former = FormerSlug.objects.create(kind=SlugKind.MOVIE, slug="former", target_id=film.pk)
    return {
        "the film": lambda: Movie.objects.filter(pk=film.pk).update(plot="After"),
        "its trailer": lambda: Movie.objects.filter(pk=film.pk).update(trailer_duration=30),
        "a person": lambda: type(person).objects.filter(pk=person.pk).update(name="After"),
        "a part": lambda: Credit.objects.filter(movie=film).update(character="After"),
        "another part": lambda: CreditFactory.create(movie=film),
        "a part less": lambda: Credit.objects.filter(movie=film, person=person).delete(),
        "the category": lambda: Category.objects.filter(pk=category.pk).update(name="After"),
        "a former address": former.delete,
        "unpublished": lambda: movie_unpublish(film),
    }


def test_a_change_drops_the_details_that_show_it_and_no_others(nodes: Any) -> None:
    changes, other = _shown_in(), MovieFactory.create(slug="other")
    one, two = nodes(), nodes()
    urls = (f"{LIST}/shown", f"{LIST}/{other.pk}", f"{LIST}/other", f"{LIST}/former", LIST)
    before = {url: one.get(url).body for url in urls}
    for what, change in changes.items():
        for node, url in product((one, two), urls):
            node.get(url)
        heard = [one.hears(), two.hears()]
        change()
        for hears in heard:
            until(hears, seconds=2)
        for node in (one, two):
            time.sleep(0.05)  # a transaction may send several notifications
            node.rendered = 0
            for url in (f"{LIST}/other", f"{LIST}/{other.pk}"):
                assert node.get(url).body == before[url]
            assert node.rendered == 2 * (what == "the category"), what
            node.rendered = 0
            for url in (f"{LIST}/shown", f"{LIST}/former", LIST):
                node.get(url)
            assert node.rendered == 3, what
    assert one.get(f"{LIST}/shown").status == 404


def test_a_changed_episode_is_seen_where_it_is_the_next_one(nodes: Any) -> None:
    season = SeasonFactory.create(number=1)
    first, second = (EpisodeFactory.create(season=season, episode_number=n) for n in (1, 2))
    node = nodes()

    def following() -> Any:
        return json.loads(node.get(f"{LIST}/{first.slug}").body)["nextEpisode"]

    assert following()["id"] == str(second.pk)
    for change, expected in [
        (lambda: Movie.objects.filter(pk=second.pk).update(title="After"), "After"),
        (lambda: Movie.objects.filter(pk=second.pk).update(published=False), None),
        (lambda: EpisodeFactory.create(season=season, episode_number=3, title="Third"), "Third"),
        (lambda: Season.objects.filter(pk=season.pk).update(number=0), "Third"),
    ]:
        hears = node.hears()
        change()
        until(hears, seconds=2)
        time.sleep(0.05)
        found = following()
        assert (found and found["title"]) == expected
    assert following()["season"] == 0


def test_a_detail_ends_with_its_licence_and_else_after_ten_minutes(
    nodes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    MovieFactory.create(slug="open")
    MovieFactory.create(slug="ends", licence_ends_at=now + timedelta(seconds=100))
    node = nodes()
    for slug in ("open", "ends"):
        node.get(f"{LIST}/{slug}")
    for seconds, rendered in ((90, 0), (101, 1), (601, 2)):
        later = SimpleNamespace(monotonic=lambda: time.monotonic() + seconds)  # noqa: B023
        monkeypatch.setattr(memory, "time", later)
        node.rendered = 0
        for slug in ("open", "ends"):
            node.get(f"{LIST}/{slug}")
        assert node.rendered == rendered, seconds


def test_a_detail_without_django_is_what_django_answers(nodes: Any, settings: Any) -> None:
    settings.COUNTRY_HEADER = "CF-IPCountry"
    now, season = timezone.now(), SeasonFactory.create()
    film = MovieFactory.create(
        title="Ssubi “é” \u2028", category=CategoryFactory.create(), trailer_duration=40, year=None,
        rating="4.25", imdb_rating="7.1", vjs=["VJ Emmy"], poster_key="public/p.webp",
    )  # fmt: skip
    CreditFactory.create(movie=film, person=PersonFactory.create(photo_key="public/x.webp"))
    films = [
        film,
        *(EpisodeFactory.create(season=season, episode_number=n) for n in (1, 2)),
        MovieFactory.create(allowed_countries=["UG"], playable=False),
        MovieFactory.create(blocked_countries=["KE"]),
        MovieFactory.create(licence_starts_at=now + timedelta(days=1)),
        MovieFactory.draft(),
    ]
    FormerSlug.objects.create(kind=SlugKind.MOVIE, slug="former", target_id=film.pk)
    short, plain = nodes(shortcuts=[replace(DETAIL_SHORTCUT, headers={})]), nodes()
    short.get(f"{LIST}/{MovieFactory.create().slug}")  # shows the headers
    short.rendered = 0
    references = [str(film.pk) for film in films] + [film.slug for film in films]
    for reference, country in product([*references, "former", "nothing"], ("UG", "KE")):
        url = f"{LIST}/{reference}"
        answers = [node.get(url, HTTP_CF_IPCOUNTRY=country) for node in (short, plain)]
        for answer in answers:
            answer.headers.pop("x-request-id")
        assert answers[0].status == answers[1].status, url
        if answers[0].status == 200:
            assert vars(answers[0]) == vars(answers[1]), url
    assert short.rendered == 2 * 3  # what is not found, or a draft by id and by slug
    for url in ("trending", "featured", "recent", "search?q=a"):
        assert short.get(f"{LIST}/{url}").body == plain.get(f"{LIST}/{url}").body


def test_a_viewers_own_list_shows_an_edit_at_once_and_else_costs_one_query(
    nodes: Any, monkeypatch: pytest.MonkeyPatch, api_as: Any, django_assert_num_queries: Any
) -> None:
    movie, viewer = MovieFactory.create(title="Before"), UserFactory.create()
    favorite_add(movie, user_id=viewer.pk, now=MORNING)
    node, mine = nodes(), api_as(viewer)
    monkeypatch.setattr(cards._CARDS, "_memory", lambda: node.memory)

    def kept() -> str:
        return str(mine.get("/api/v1/users/favorites").json()["results"][0]["title"])

    assert kept() == "Before"
    with django_assert_num_queries(1):
        assert kept() == "Before"
    hears = node.hears()
    Movie.objects.filter(pk=movie.pk).update(title="After")
    until(hears, seconds=2)
    assert kept() == "After"


def test_counters_and_empty_sweeps_leave_memory_alone(nodes: Any) -> None:
    movie = MovieFactory.create()
    node = nodes()
    node.get()
    Movie.objects.filter(pk=movie.pk).update(view_count=5, rating=3, comment_count=2)
    Movie.objects.filter(title="nobody's").update(title="x")
    time.sleep(0.3)
    node.get()
    assert node.rendered == 1


def test_every_column_readers_see_is_told_of() -> None:
    """A new field is either a counter or in the trigger's list (catalog 0017)."""
    silent = {"id", "created_at", "updated_at", "rating", "rating_count", "rating_sum",
              "view_count", "favorite_count", "comment_count", "share_count", "metadata",
              "base_rating_sum", "base_rating_count",
              "poster_candidate_keys", "publish_when_ready", "publish_at",
              "licence_holder",
              # Deleting a film also unpublishes it, which is notified.
              "deleted_at", "before_deletion"}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_object_column FROM information_schema.triggered_update_columns"
            " WHERE trigger_name = 'tell' AND event_object_table = 'catalog_movie'"
        )
        told = {row[0] for row in cursor.fetchall()}
    assert {field.column for field in Movie._meta.concrete_fields} - told == silent


def test_what_was_begun_before_a_change_is_not_kept(nodes: Any) -> None:
    movie = MovieFactory.create(title="Before")
    node = nodes(slow_seconds=0)
    django = node._django

    def changed_meanwhile(environ: Any, start_response: Any) -> Any:
        answer = django(environ, start_response)
        hears = node.hears()
        Movie.objects.filter(pk=movie.pk).update(title="After")
        until(hears)
        return answer

    node._django = changed_meanwhile
    assert b"Before" in node.get().body
    node._django = django
    assert b"After" in node.get().body


def test_staff_see_their_own_edit_at_once(nodes: Any) -> None:
    movie = MovieFactory.create(title="Before")
    node = nodes()
    django = node._django

    def edit(environ: Any, start_response: Any) -> Any:
        Movie.objects.filter(pk=movie.pk).update(title="After")
        return django(environ, start_response)

    node.get(f"{LIST}/{movie.slug}")
    node._django = edit
    node.get("/api/v1/admin/anything", method="POST")
    node._django = django
    assert b"After" in node.get(f"{LIST}/{movie.slug}").body


def test_without_word_of_changes_nothing_is_from_memory(nodes: Any) -> None:
    MovieFactory.create(title="Before")
    node = nodes()
    node.get()
    with psycopg.connect(**_parameters(), autocommit=True) as server:
        server.execute("SELECT pg_terminate_backend(%s)", [node.connections[-1].info.backend_pid])
    until(lambda: node.listener.generation is None)
    Movie.objects.update(title="After")
    for _ in range(2):
        assert b"After" in node.get().body
    assert node.rendered == 3
    until(lambda: node.listener.generation is not None)  # back by itself
    for _ in range(2):
        assert b"After" in node.get().body
    assert node.rendered == 4


def test_silence_is_not_trusted(nodes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that is broken without a word: no beat comes back, and nothing is served."""
    node = nodes()
    node.get()
    monkeypatch.setattr("kushfilms.core.public_cache.listener.SILENCE_SECONDS", 0.0)
    assert node.listener.generation is None
    node.get()
    assert node.rendered == 2


def test_an_entry_lives_a_minute(nodes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    node = nodes()
    node.get()
    node.get()
    assert node.rendered == 1
    later = SimpleNamespace(monotonic=lambda: time.monotonic() + 61)
    monkeypatch.setattr(memory, "time", later)
    node.get()
    assert node.rendered == 2


# ── Many at once ────────────────────────────────────────────────────────────────────────


def test_one_renders_and_the_others_wait(nodes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    MovieFactory.create()
    node = nodes(slow_seconds=0.3)
    answers = at_once(lambda _: node.get(), range(8))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert node.rendered == 1
    # Control: without joining, every request renders, so the test can fail.
    alone = nodes()
    store, together, django = alone.app._store, threading.Barrier(8, timeout=60), alone._django

    def render_together(*args: Any) -> Any:
        together.wait()
        return django(*args)

    alone._django = render_together
    fly = type(store).join
    monkeypatch.setattr(store, "join", lambda key, **kw: (fly(store, key, **kw)[0], True))
    at_once(lambda _: alone.get(), range(8))
    assert alone.rendered == 8


def test_a_failed_rendering_leaves_no_request_waiting(
    nodes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lru_store, "LONGEST_WAIT_SECONDS", 120)  # who waits so long is missing
    node = nodes(slow_seconds=0.2)
    answers = at_once(lambda _: node.get(f"{LIST}/nothing"), range(4))
    assert [answer.status for answer in answers] == [404] * 4


def test_a_forked_child_listens_for_itself(nodes: Any) -> None:
    node = nodes()
    node.get()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # no Django in here: its connections are the parent's
        fresh = not node.app._begun and not node.memory._entries
        os.write(write, b"1" if fresh else b"0")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 1) == b"1"


def _parameters() -> dict[str, Any]:
    parameters: dict[str, Any] = connections["default"].get_connection_params()
    return {key: value for key, value in parameters.items() if key != "autocommit"}
