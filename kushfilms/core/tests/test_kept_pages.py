"""Pages of visitors from memory, and frames of pages: the same bytes as Django's, and nobody's."""

import gzip
import itertools
import re
import time
import zlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
from django.urls import get_resolver, reverse

from accounts.models import User
from catalog.models import Comment, Movie, Rating
from catalog.services.comments import comment_create
from catalog.services.films import movie_unpublish
from catalog.services.ratings import rating_set
from kushfilms.core import page_frames
from kushfilms.core.public_cache import memory
from kushfilms.core.tests.test_public_cache import Answer, Node, nodes, until
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
__all__ = ["nodes"]  # the fixture
PICTURE = "public/p-x160x240x400.webp"
LANGUAGES = {
    "": "en",
    "lg": "lg",
    "sw-KE,sw;q=0.9,en;q=0.5": "sw",
    "de": "en",
    "x" * 600: "en",
}
COOKIES = (
    "",
    f"client=abc:def; device=x; csrftoken={'s' * 32}",
    "theme=dark",
    "theme=light; language=sw",
    "saver=on",
    "bundle=5000:1000; theme=nonsense",
    "choices=all.2026-11-21; language=xx",
)
# Headers that a client may send and that no kept page may depend on.
HOSTILE = {
    "HTTP_AUTHORIZATION": "Bearer someone",
    "HTTP_REFERER": "https://evil.example/",
    "HTTP_SEC_FETCH_SITE": "cross-site",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_DEVICE_TOKEN": "token",
    "HTTP_RANGE": "bytes=0-9",
    "HTTP_IF_MODIFIED_SINCE": "Mon, 30 Nov 2026 10:00:00 GMT",
    "HTTP_ACCEPT": "application/json",
    "CSRF_COOKIE": "x" * 32,
    "REMOTE_USER": "admin",
}


@pytest.fixture
def urls() -> list[str]:
    """Create something for every kept page, and return their URLs."""
    drama = CategoryFactory.create(slug="drama")
    films = MovieFactory.create_batch(4, category=drama, poster_key=PICTURE, backdrop_key=PICTURE)
    film = films[0]
    Movie.objects.filter(pk=film.pk).update(slug="last-boda", featured=True)
    person = PersonFactory.create(slug="joel")
    CreditFactory.create(movie=film, person=person)
    series = SeriesFactory.create(slug="nights")
    season = SeasonFactory.create(series=series)
    EpisodeFactory.create(season=season, episode_number=1, slug="night-1")
    talker = UserFactory.create(name="Amina")
    comment_create(film, user_id=talker.pk, content="Good", parent_id=None, now=MORNING)
    rating_set(film, user_id=talker.pk, stars=4, review="Fine")
    return [
        "/", "/movies", "/movies?sort=title&genre=Drama", "/movies?genre=Drama&sort=title",
        "/search", "/search?q=boda", "/categories/drama", "/series", "/series/nights",
        "/people/joel", "/movies/last-boda", "/movies/last-boda?held=1", "/movies/night-1",
        "/subscribe", "/about", "/contact", "/terms", "/privacy",
    ]  # fmt: skip


@pytest.fixture
def film(urls: list[str]) -> Movie:
    return Movie.objects.get(slug="last-boda")


def headers_of(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


def test_every_page_that_declares_it_is_in_this_test(urls: list[str]) -> None:
    """A new kept page must be added to `urls`."""
    patterns = {
        pattern.name
        for included in get_resolver().url_patterns
        for pattern in getattr(included, "url_patterns", [included])
        if getattr(getattr(pattern.callback, "view_class", pattern.callback), "kept_in_memory", 0)
        and not str(getattr(included, "pattern", "")).startswith("api/")
    }
    tested = {get_resolver().resolve(url.partition("?")[0]).url_name for url in urls}
    assert patterns == tested
    assert {"home", "movie", "subscribe"} <= patterns


def test_memory_answers_what_django_answers(nodes: Any, urls: list[str]) -> None:
    """For every page, each preference, and each encoding of both."""
    node = nodes(most_bytes=50_000_000)
    variants = list(itertools.product(LANGUAGES, COOKIES, ("", "on")))
    for number, url in enumerate(urls):
        # Every page with every fifth variant, and so all variants with each kind of page.
        for accepted, cookie, saver in variants[number % 5 :: 5]:
            headers = {"HTTP_ACCEPT_LANGUAGE": accepted, "HTTP_COOKIE": cookie}
            headers |= {"HTTP_SAVE_DATA": saver} if saver else {}
            direct = node.asked_of_django(url, **headers)
            first, second = node.get(url, **headers), node.get(url, **headers)
            node.rendered = 0
            third = node.get(url, **HOSTILE, **headers)
            assert node.rendered == 0, (url, headers)
            for answer in (first, second, third):
                assert answer.status == direct.status == 200
                assert answer.body == direct.body, (url, headers)
                assert headers_of(answer) == headers_of(direct), (url, headers)
    assert direct.headers["etag"].startswith('"')


def test_encodings_and_conditions_are_those_of_django(nodes: Any, urls: list[str]) -> None:
    node = nodes(most_bytes=50_000_000)
    for url in urls:
        plain = node.get(url)
        for name, decode in (("br", brotli.decompress), ("gzip", gzip.decompress)):
            direct = node.asked_of_django(url, HTTP_ACCEPT_ENCODING=name)
            kept = node.get(url, HTTP_ACCEPT_ENCODING=name)
            assert decode(kept.body) == decode(direct.body) == plain.body
            ignored = {"content-length", "x-request-id"}
            for header in (kept.headers.keys() | direct.headers.keys()) - ignored:
                assert kept.headers[header] == direct.headers[header], (url, header)
            if name == "br":  # Django's gzip has a random length
                assert kept.body == direct.body
        etag = plain.headers["etag"]
        for held in (etag, f"W/{etag}"):
            assert node.get(url, HTTP_IF_NONE_MATCH=held).status == 304
            assert node.asked_of_django(url, HTTP_IF_NONE_MATCH=held).status == 304
        head = node.get(url, method="HEAD")
        assert (head.status, head.body) == (200, b"")
        assert head.headers["content-length"] == plain.headers["content-length"]


def test_languages_are_those_of_django(nodes: Any) -> None:
    MovieFactory.create()
    node = nodes()
    for accepted, language in LANGUAGES.items():
        answer = node.get("/about", HTTP_ACCEPT_LANGUAGE=accepted)
        assert f'<html lang="{language}"'.encode() in answer.body
        assert answer.headers["content-language"] == language
    node.rendered = 0
    # The language of a key is not the header that led to it.
    for accepted in ("lg-UG", "lg;q=0.3", "fr,lg;q=0.1", "LG"):
        node.get("/about", HTTP_ACCEPT_LANGUAGE=accepted)
    assert node.rendered == 0


# ── Persons ─────────────────────────────────────────────────────────────────────────────


def cookie_of(site_as: Any, user: User) -> str:
    return f"sessionid={site_as(user).cookies['sessionid'].value}"


@pytest.fixture
def framed(nodes: Any, monkeypatch: pytest.MonkeyPatch) -> Node:
    """Return a node that keeps frames, too."""
    node: Node = nodes(most_bytes=50_000_000)
    monkeypatch.setattr(page_frames, "process_memory", lambda: node.app._memory)
    return node


def frames(node: Node) -> list[Any]:
    keys: list[Any] = list(node.app._memory._entries)
    return [key for key in keys if key[0] == page_frames.FRAME]


def test_a_personal_page_never_gets_into_the_memory_of_visitors(
    framed: Node, urls: list[str], viewer: User, site_as: Any
) -> None:
    own = cookie_of(site_as, viewer)
    User.objects.filter(pk=viewer.pk).update(name="Nakato the Viewer")
    for url in urls:
        for cookie in (own, f"theme=dark; {own}", f"{own}; sessionid=", f"sessionid=; {own}",
                       "sessionid=forged", "messages=forged"):  # fmt: skip
            for hostile in ({}, HOSTILE):
                framed.get(url, HTTP_COOKIE=cookie, **hostile)
        for cookie in ("", "theme=dark", "client=x"):
            page = framed.get(url, HTTP_COOKIE=cookie).body
            assert b"Nakato" not in page, url
            assert b"csrfmiddlewaretoken" not in page, url
            assert page_frames.MARK.encode() not in page, url


def test_frames_hold_nobodys_data_and_pages_their_viewers(
    framed: Node, urls: list[str], viewer: User, stranger: User, site_as: Any
) -> None:
    User.objects.filter(pk=viewer.pk).update(name="Nakato Viewer")
    User.objects.filter(pk=stranger.pk).update(name="Okello Stranger")
    cookies = {"Nakato": cookie_of(site_as, viewer), "Okello": cookie_of(site_as, stranger)}
    tokens = set()
    for url in ("/", "/movies/last-boda"):
        for _ in range(2):
            for name, cookie in cookies.items():
                page = framed.get(url, HTTP_COOKIE=cookie).body.decode()
                [other] = cookies.keys() - {name}
                assert name in page
                assert other not in page
                assert page_frames.MARK not in page
                tokens |= set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page))
    assert len(tokens) == 8  # one for each page, masked each time
    assert len(frames(framed)) == 2
    for key in frames(framed):
        entry = framed.app._memory.entry(key)
        assert entry
        frame = zlib.decompress(entry.value).decode()
        for secret in ("Nakato", "Okello", viewer.email, *tokens):
            assert secret not in frame


def test_a_framed_page_is_the_page_rendered_as_a_whole(
    framed: Node, urls: list[str], viewer: User, site_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = cookie_of(site_as, viewer)
    framed.get("/", HTTP_COOKIE=cookie)
    token = re.compile(rb'(csrfmiddlewaretoken" value=")\w+')

    def whole(*args: Any, **kwargs: Any) -> Any:
        return page_frames.shared_page(*args, **{**kwargs, "framed": False})

    for url in ("/", "/movies/last-boda", "/movies/night-1"):
        for preferences in ("", "; theme=dark", "; saver=on", "; language=lg"):
            pages = [framed.get(url, HTTP_COOKIE=cookie + preferences).body for _ in range(2)]
            with monkeypatch.context() as patch:
                for view in ("home", "films"):
                    patch.setattr(f"catalog.views.{view}.shared_page", whole)
                pages.append(framed.get(url, HTTP_COOKIE=cookie + preferences).body)
            assert len({token.sub(rb"\1", page) for page in pages}) == 1, (url, preferences)


def test_a_viewers_own_comment_can_be_deleted_by_them_alone(
    framed: Node, film: Movie, viewer: User, stranger: User, site_as: Any
) -> None:
    comment_create(film, user_id=viewer.pk, content="Mine", parent_id=None, now=MORNING)
    for user, deletes in ((viewer, 1), (stranger, 0), (viewer, 1)):
        page = framed.get("/movies/last-boda", HTTP_COOKIE=cookie_of(site_as, user)).body.decode()
        assert page.count("/delete") == deletes


# ── Changes ─────────────────────────────────────────────────────────────────────────────


def _talk(film: Movie, viewer: User) -> dict[str, Callable[[], Any]]:
    user_id = viewer.pk
    return {
        "a comment": lambda: comment_create(
            film, user_id=user_id, content="New", parent_id=None, now=MORNING
        ),
        "a name": lambda: User.objects.filter(pk=user_id).update(name="Other"),
        "a comment hidden": lambda: Comment.objects.update(hidden=True, hidden_reason="spam"),
        "stars": lambda: rating_set(film, user_id=user_id, stars=2, review="Slow"),
        "a review hidden": lambda: Rating.objects.update(hidden=True),
        "a title": lambda: Movie.objects.filter(pk=film.pk).update(title="After"),
        "an edit of a film beside it": lambda: Movie.objects.exclude(pk=film.pk).update(year=1999),
        "unpublished": lambda: movie_unpublish(film),
    }


def test_a_change_is_seen_on_the_film_page_of_all(
    framed: Node, film: Movie, viewer: User, stranger: User, site_as: Any
) -> None:
    cookie = cookie_of(site_as, stranger)
    for what, change in _talk(film, viewer).items():
        before = [framed.get("/movies/last-boda", HTTP_COOKIE=own) for own in ("", cookie)]
        hears = framed.hears()
        change()
        until(hears, seconds=2)
        after = [framed.get("/movies/last-boda", HTTP_COOKIE=own) for own in ("", cookie)]
        for one, other in zip(before, after, strict=True):
            token = rb'csrfmiddlewaretoken" value="\w+'
            assert re.sub(token, b"", one.body) != re.sub(token, b"", other.body), what


def test_talk_drops_no_list_and_no_other_film(nodes: Any, film: Movie, viewer: User) -> None:
    node = nodes(most_bytes=50_000_000)
    others = ["/", "/movies", "/movies/night-1", "/api/v1/movies", "/api/v1/movies/last-boda"]
    for url in [*others, "/movies/last-boda"]:
        node.get(url)
    hears = node.hears()
    comment_create(film, user_id=viewer.pk, content="New", parent_id=None, now=MORNING)
    until(hears, seconds=2)
    node.rendered = 0
    for url in others:
        node.get(url)
    assert node.rendered == 0
    node.get("/movies/last-boda")
    assert node.rendered == 1


def test_pages_live_a_minute_and_a_film_without_comments_longer(
    nodes: Any, film: Movie, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = nodes(most_bytes=50_000_000)
    urls = ("/", "/movies/last-boda", "/movies/night-1")
    rendered = {}
    for seconds in (0, 59, 61, 601):
        later = time.monotonic() + seconds
        clock = SimpleNamespace(monotonic=lambda later=later: later)
        monkeypatch.setattr(memory, "time", clock)
        for url in urls:
            node.rendered = 0
            node.get(url)
            rendered[seconds, url] = node.rendered
        monkeypatch.undo()
    assert [rendered[59, url] for url in urls] == [0, 0, 0]
    assert [rendered[61, url] for url in urls] == [1, 1, 0]
    assert rendered[601, "/movies/night-1"] == 1


def test_hostile_queries_and_paths(nodes: Any, urls: list[str]) -> None:
    node = nodes()
    for url, status in [
        ("/movies/last-boda?comments=nonsense", 400),
        ("/movies?cursor=x", 400),
        (f"/search?q={'x' * 300}", 400),
        ("/movies/nothing", 404),
        (f"/movies/{Movie.objects.get(slug='night-1').pk}", 301),
        ("/account", 302),
        (reverse("preferences"), 200),
        (reverse("cookies"), 200),
        ("/login", 200),
    ]:
        node.rendered = 0
        assert [node.get(url).status for _ in range(2)] == [status, status], url
        assert node.rendered == 2, url
