"""Public pages: contents for each kind of visitor, costs and links."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from catalog.services.progress import watch_progress
from catalog.templatetags.films import duration

SiteAs = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(movie_factory: Any, category_factory: Any) -> Any:
    """Create two categories, films with and without a poster, one for each plan, one featured."""
    drama, comedy = category_factory(name="Drama", slug="drama"), category_factory(slug="comedy")
    for level in ("FREE", "BASIC", "PREMIUM"):
        movie_factory(title=f"{level} film", slug=level.lower(), access_level=level, category=drama)
    movie_factory(slug="with-art", poster_key="public/p.jpg", backdrop_key="public/b.jpg",
                  category=comedy, cast=["Aisha"], director="L. S.", genres=["Crime & Co"],
                  plot="Long.", rating=4, rating_count=3, imdb_rating="7.1")  # fmt: skip
    return movie_factory(title="Tonight", slug="tonight", featured=True, category=drama)


PAGES = ["/", "/movies", "/movies?genre=Crime+%26+Co&sort=title", "/categories/drama",
         "/movies/with-art", "/movies/premium", "/subscribe"]  # fmt: skip


@pytest.mark.usefixtures("catalogue")
def test_visitors_get_pages_without_cookies(client: Client) -> None:
    for url in PAGES:
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert not answer.cookies, url
        assert answer["Cache-Control"] == "private, no-cache", url
        again = client.get(url, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304, url


@pytest.mark.usefixtures("catalogue")
def test_no_inline_scripts_and_landmarks_on_every_page(client: Client) -> None:
    for url in [*PAGES, "/login", "/register", "/nowhere"]:
        page = client.get(url).content.decode()
        assert not re.search(
            r"<style|\sstyle=|\son\w+=|<script(?![^>]*\s(?:src=|type=\"application/))", page
        ), url
        assert page.count("<h1") == 1, url
        assert len(re.findall(r"<(header class=\"site-header|main|footer|html lang)", page)) == 4
        assert "{#" not in page, url
        assert "{%" not in page, url


@pytest.mark.usefixtures("catalogue")
def test_every_link_leads_somewhere(client: Client) -> None:
    seen, queue = set(), ["/", "/nowhere", "/login?next=/movies"]
    while queue:
        url = queue.pop()
        page = client.get(url).content.decode()
        for target in re.findall(r'<a [^>]*href="([^"#]+)"', page):
            absolute = target.replace("&amp;", "&")
            if not absolute.startswith(("/", "?")):
                continue  # to WhatsApp and such
            absolute = f"/movies{absolute}" if absolute.startswith("?") else absolute
            if absolute not in seen:
                seen.add(absolute)
                assert client.get(absolute, follow=True).status_code == 200, (url, absolute)
                queue.append(absolute)
    assert {"/movies", "/subscribe", "/categories/drama", "/movies/tonight"} <= seen


def test_pages_of_an_empty_catalogue(client: Client, db: Any) -> None:
    assert b"Opening soon" in client.get("/").content
    assert b"No films match" in client.get("/movies").content


@pytest.mark.parametrize(
    ("who", "film", "says", "leads"),
    [
        (None, "free", "Sign in to watch", "/login?next=%2Fmovies%2Ffree"),
        (None, "premium", "Needs the Premium plan", "/login?next=%2Fmovies%2Fpremium"),
        ("viewer", "free", "Watch now", "/watch/free"),
        ("viewer", "basic", "Get Basic to watch", "/subscribe"),
        ("basic_viewer", "basic", "Watch now", "/watch/basic"),
        ("basic_viewer", "premium", "Get Premium to watch", "/subscribe"),
        ("premium_viewer", "premium", "Watch now", "/watch/premium"),
    ],
)
@pytest.mark.usefixtures("catalogue")
def test_the_play_button(
    request: pytest.FixtureRequest, site_as: SiteAs, who: str, film: str, says: str, leads: str
) -> None:
    browser = site_as(request.getfixturevalue(who)) if who else Client()
    page = browser.get(f"/movies/{film}").content.decode()
    assert says in page
    assert f'<a class="button button--play" href="{leads}">' in page


def test_a_film_that_cannot_be_played_has_no_button(
    viewer: User, site_as: SiteAs, movie_factory: Any
) -> None:
    browser = site_as(viewer)
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("encoding", {"playable": False}, "still being prepared"),
        ("elsewhere", {"allowed_countries": ["KE"]}, "not available where you are"),
    ]
    for slug, fields, says in cases:
        movie_factory(slug=slug, **fields)
        page = browser.get(f"/movies/{slug}").content.decode()
        assert says in page
        assert "button--play" not in page


@pytest.mark.parametrize(
    ("seconds", "reads"),
    [(0, ""), (1, "1 s"), (59, "59 s"), (60, "1 min"), (3599, "1 h"), (6720, "1 h 52 min")],
)
def test_a_running_time_in_words(seconds: int, reads: str) -> None:
    assert duration(seconds) == reads


def test_a_position_is_shown_to_its_viewer_only(
    viewer: User, stranger: User, site_as: SiteAs, movie_factory: Any
) -> None:
    movie, finished = movie_factory(title="Half seen"), movie_factory(title="Seen")
    watch_progress(viewer.pk, movie, progress_seconds=3000, now=timezone.now())
    watch_progress(viewer.pk, finished, progress_seconds=6000, now=timezone.now())
    own = site_as(viewer)
    assert "50 min of 1 h 40 min" in own.get("/").content.decode()
    assert "Resume" in own.get(f"/movies/{movie.slug}").content.decode()
    assert "Resume" not in own.get(f"/movies/{finished.slug}").content.decode()
    for browser in (site_as(stranger), Client()):
        assert "Continue watching" not in browser.get("/").content.decode()
        assert "Resume" not in browser.get(f"/movies/{movie.slug}").content.decode()


def test_drafts_and_unknown_addresses_are_not_found(client: Client, movie_factory: Any) -> None:
    draft = movie_factory.draft()
    for url in (f"/movies/{draft.slug}", "/movies/nothing", "/categories/nothing", "/movies/%00"):
        answer = client.get(url)
        assert answer.status_code == 404
        assert b"Page not found" in answer.content
    assert client.get("/movies?cursor=nonsense").status_code == 400


def test_an_invalid_filter_shows_an_error(client: Client, movie_factory: Any) -> None:
    movie_factory(title="Still here")
    page = client.get("/movies?year=abc&genre=%00").content.decode()
    assert "Enter a whole number." in page
    assert "Still here" in page


def test_browsing_page_by_page(client: Client, movie_factory: Any) -> None:
    for _ in range(30):
        movie_factory()
    first = client.get("/movies?language=Luganda").content.decode()
    assert first.count('class="card"') == 24
    link = re.search(r'rel="next"\s+href="([^"]+)"', first)
    assert link
    second = client.get(f"/movies{link[1].replace('&amp;', '&')}").content.decode()
    assert second.count('class="card"') == 6
    assert 'rel="prev"' in second
    assert "language=Luganda" in link[1]


def test_an_id_redirects_to_the_films_address(client: Client, movie_factory: Any) -> None:
    movie = movie_factory()
    assert client.get(f"/movies/{movie.pk}")["Location"] == f"/movies/{movie.slug}"


@pytest.mark.parametrize(
    ("url", "queries"),
    [
        # Featured and newest for the hero, the chart or its substitute (2), newest, categories and
        # their films, series.
        ("/", 9),
        ("/movies", 4),  # films, and the filter's categories, genres and languages
        ("/categories/drama", 2),
        # The film for the decision, its detail, its people, data costs, comments, computed related
        # films, similar ones, their rows.
        ("/movies/tonight", 8),
    ],
)
@pytest.mark.usefixtures("catalogue")
def test_query_counts(
    client: Client, movie_factory: Any, django_assert_num_queries: Any, url: str, queries: int
) -> None:
    from catalog.models import Category

    for rows in (6, 20):
        for category in Category.objects.all():
            movie_factory.create_batch(rows, category=category)
        with django_assert_num_queries(queries):
            assert client.get(url).status_code == 200


@pytest.mark.usefixtures("catalogue")
def test_signed_in_a_page_costs_the_same_for_few_and_many(
    viewer: User, site_as: SiteAs, movie_factory: Any, django_assert_num_queries: Any
) -> None:
    browser = site_as(viewer)
    browser.get("/")
    for rows in (2, 10):
        for movie in movie_factory.create_batch(rows):
            watch_progress(viewer.pk, movie, progress_seconds=60, now=timezone.now())
        # Continue watching (the rows, and uncached facts and cards), and related films of the
        # history, beside a visitor's queries.
        with django_assert_num_queries(13):
            browser.get("/")
        # Popular films beside a visitor's queries, and one for all that is the viewer's own.
        with django_assert_num_queries(10):
            browser.get("/movies/tonight")
