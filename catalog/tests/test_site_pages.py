"""Pages of search, series and people, viewers' lists, and their buttons."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from catalog.models import Favorite, Follow, Movie, Rating, RelatedMovie, Season, WatchHistory
from catalog.services.progress import watch_progress
from catalog.services.ratings import rating_set
from tests.factories import (
    CreditFactory,
    EpisodeFactory,
    MovieFactory,
    PersonFactory,
    SeasonFactory,
    SeriesFactory,
)

SiteAs = Callable[[User], Client]
LONG = "Olugendo " * 22
NOBODYS = "0199c6a4-0000-7000-8000-000000000000"

pytestmark = pytest.mark.django_db


@pytest.fixture
def movie(movie_factory: Any) -> Movie:
    made: Movie = movie_factory(title="Last Boda", slug="last-boda")
    return made


@pytest.fixture
def series(movie: Movie) -> Any:
    series = SeriesFactory.create(title="Kampala Nights", slug="kampala-nights")
    season = SeasonFactory.create(series=series)
    for number in (1, 2):
        EpisodeFactory.create(season=season, episode_number=number, slug=f"night-{number}")
    return series


def facts_of(page: str) -> Any:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert len(found) == 1
    return json.loads(found[0])


# ── Finding ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("series")
def test_search_finds_films_series_and_people(client: Client, movie: Movie) -> None:
    person = PersonFactory.create(name="VJ Boda", slug="vj-boda")
    CreditFactory.create(movie=movie, person=person, job="VJ")
    page = client.get("/search?q=boda").content.decode()
    assert "/movies/last-boda" in page
    assert "/people/vj-boda" in page
    assert "/series/kampala-nights" in client.get("/search?q=kampala").content.decode()
    assert "Nothing found" in client.get("/search?q=zzzzqqq").content.decode()
    assert "Nothing found" not in client.get("/search").content.decode()
    assert client.get("/search", {"q": "x" * 300}).status_code == 400
    assert client.get("/search?q=%00").status_code == 400


def test_a_series_page_shows_its_seasons(client: Client, series: Any) -> None:
    page = client.get("/series/kampala-nights").content.decode()
    assert page.index("/movies/night-1") < page.index("/movies/night-2")
    assert facts_of(page)["@type"] == "TVSeries"
    assert "/series/kampala-nights" in client.get("/series").content.decode()
    assert client.get(f"/series/{series.pk}")["Location"] == "/series/kampala-nights"
    assert client.get("/series/nothing").status_code == 404


@pytest.mark.usefixtures("series")
def test_an_episodes_page_shows_its_position(client: Client) -> None:
    page = client.get("/movies/night-2").content.decode()
    assert "/series/kampala-nights" in page
    assert "Season 1, episode 2" in page
    Season.objects.update(number=0)  # specials have no number to speak of
    assert "Season 0" not in client.get("/movies/night-2").content.decode()


def test_a_person_page_shows_films_by_job(client: Client, movie: Movie) -> None:
    person = PersonFactory.create(name="Joel", slug="joel")
    CreditFactory.create(movie=movie, person=person)
    page = client.get("/people/joel").content.decode()
    assert "/movies/last-boda" in page
    assert facts_of(page)["name"] == "Joel"
    assert client.get("/people/nobody").status_code == 404


# ── Own lists ───────────────────────────────────────────────────────────────────────────


def test_adding_a_film_twice_counts_once(viewer: User, site_as: SiteAs, movie: Movie) -> None:
    browser = site_as(viewer)
    for _ in range(2):
        answer = browser.post("/movies/last-boda/favorite", {"keep": "1"})
        assert answer["Location"] == "/movies/last-boda"
    assert Favorite.objects.get().movie == movie
    assert "Last Boda" in browser.get("/account/favorites").content.decode()
    assert 'aria-pressed="true"' in browser.get("/movies/last-boda").content.decode()
    where = {"keep": "0", "next": "/account/favorites"}
    assert browser.post("/movies/last-boda/favorite", where)["Location"] == "/account/favorites"
    where = {"keep": "0", "next": "https://evil.example/"}
    assert browser.post("/movies/last-boda/favorite", where)["Location"] == "/"
    assert not Favorite.objects.exists()
    assert "Your list is empty" in browser.get("/account/favorites").content.decode()


def test_stars_are_set_changed_and_removed(viewer: User, site_as: SiteAs, movie: Movie) -> None:
    browser, url = site_as(viewer), "/movies/last-boda/rate"
    assert (
        browser.post(url, {"stars": "4", "review": "<script>alert(1)</script>"}).status_code == 302
    )
    page = browser.get("/movies/last-boda").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    browser.post(url, {"stars": "2", "review": "Less"})
    assert Rating.objects.get().stars == 2
    assert "Less" in browser.get("/account/ratings").content.decode()
    for stars in ("", "6", "x", "1" * 5000):
        assert browser.post(url, {"stars": stars}).status_code == 400
    assert Rating.objects.get().stars == 2
    assert browser.post(url, {"do": "remove"}).status_code == 302
    assert not Rating.objects.exists()


def test_following(viewer: User, site_as: SiteAs, series: Any) -> None:
    browser = site_as(viewer)
    assert browser.post("/series/kampala-nights/follow", {"on": "1"}).status_code == 302
    assert Follow.objects.get().series == series
    assert "Following" in browser.get("/series/kampala-nights").content.decode()
    browser.post("/series/kampala-nights/follow", {"on": "0"})
    PersonFactory.create(slug="joel")
    browser.post("/people/joel/follow", {"on": "1"})
    assert Follow.objects.get().person is not None


def test_history_is_removed_and_cleared(
    viewer: User, stranger: User, site_as: SiteAs, movie_factory: Any
) -> None:
    films = [movie_factory(slug=f"seen-{n}", title=f"Seen {n}") for n in range(3)]
    for person in (viewer, stranger):
        for film in films:
            watch_progress(person.pk, film, progress_seconds=600, now=timezone.now())
    browser = site_as(viewer)
    assert "Seen 2" in browser.get("/account/history").content.decode()
    for _ in range(2):
        assert browser.post(f"/account/history/{films[2].pk}/forget").status_code == 302
    assert browser.post(f"/account/history/{NOBODYS}/forget").status_code == 404
    assert "Seen 2" not in browser.get("/account/history").content.decode()
    assert browser.post("/account/history/clear").status_code == 302
    assert "Nothing yet" in browser.get("/account/history").content.decode()
    assert WatchHistory.objects.filter(user=stranger).count() == 3


@pytest.mark.parametrize(
    ("url", "back"),
    [
        ("/movies/last-boda/favorite", "/movies/last-boda"),
        ("/movies/last-boda/rate", "/movies/last-boda"),
        ("/series/kampala-nights/follow", "/series/kampala-nights"),
        ("/account/history/clear", "/account/history"),
        (f"/account/history/{NOBODYS}/forget", "/account/history"),
    ],
)
@pytest.mark.usefixtures("movie", "series")
def test_a_stale_tab_signs_in_and_comes_back(client: Client, url: str, back: str) -> None:
    answer = client.post(url, {"keep": "1", "stars": "5", "on": "1"})
    assert answer["Location"] == f"/login?next={back}"
    for model in (Favorite, Rating, Follow):
        assert not model.objects.exists()
    assert mail.outbox == []
    assert client.get(url).status_code == 405


@pytest.mark.parametrize("rows", [2, 20])
def test_own_lists_take_the_same_queries_for_few_and_many(
    viewer: User, site_as: SiteAs, movie_factory: Any, django_assert_num_queries: Any, rows: int
) -> None:
    browser = site_as(viewer)
    for film in movie_factory.create_batch(rows):
        watch_progress(viewer.pk, film, progress_seconds=600, now=timezone.now())
        rating_set(film, user_id=viewer.pk, stars=5)
        Favorite.objects.create(user=viewer, movie=film)
    browser.get("/")  # runs what signing in left to do
    for page in ("history", "favorites", "ratings"):
        with django_assert_num_queries(1):
            browser.get(f"/account/{page}")


def test_home_names_the_watched_film_of_recommendations(
    viewer: User, stranger: User, site_as: SiteAs, movie_factory: Any
) -> None:
    seen, *others = movie_factory.create_batch(5)
    for rank, other in enumerate(others):
        RelatedMovie.objects.create(movie=seen, other=other, rank=rank, score=1 / (rank + 1))
    watch_progress(viewer.pk, seen, progress_seconds=6000, now=timezone.now())
    page = site_as(viewer).get("/").content.decode()
    rail = page.partition(f"Because you watched {seen.title}")[2].partition("</section>")[0]
    assert rail.count('class="card"') == 4
    for browser in (site_as(stranger), Client()):
        assert "Because you watched" not in browser.get("/").content.decode()


# ── Facts for others ────────────────────────────────────────────────────────────────────


def test_a_films_structured_data(client: Client, movie_factory: Any) -> None:
    movie_factory(slug="facts", title="A </script><b> & more", rating=4, rating_count=3,
                  poster_key="public/p.webp", director="L. S.", cast=["Aisha"],
                  backdrop_key="public/b-x640x1280.webp")  # fmt: skip
    page = client.get("/movies/facts").content.decode()
    facts = facts_of(page)
    assert facts["@type"] == "Movie"
    assert facts["name"] == "A </script><b> & more"
    assert facts["duration"] == "PT1H40M"
    assert facts["aggregateRating"]["ratingCount"] == 3
    assert facts["video"]["@type"] == "VideoObject"
    assert facts["image"].endswith("/public/b-x640x1280-share.jpg")
    assert facts["url"].startswith("http")
    assert f'<link rel="canonical" href="{facts["url"]}">' in page
    assert f'property="og:image" content="{facts["image"]}"' in page


def test_sitemap_robots_and_feed(client: Client, movie: Movie, movie_factory: Any) -> None:
    movie_factory.draft(slug="secret")
    index = client.get("/sitemap.xml").content.decode()
    parts = re.findall(r"<loc>http://[^/]+(/[^<]+)</loc>", index)
    assert "/sitemap-films.xml" in parts
    films = client.get("/sitemap-films.xml").content.decode()
    assert "/movies/last-boda</loc>" in films
    assert "secret" not in films
    assert all(client.get(part).status_code == 200 for part in parts)
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /account" in robots
    assert "/sitemap.xml" in robots
    feed = client.get("/films.rss")
    assert feed["Content-Type"].startswith("application/rss+xml")
    assert "<title>Last Boda</title>" in feed.content.decode()
    assert movie.slug in feed.content.decode()


def test_ten_thousand_films_are_parts_of_the_map(
    client: Client, movie_factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.seo.sitemaps.Films.limit", 2)
    movie_factory.create_batch(5)
    index = client.get("/sitemap.xml").content.decode()
    assert "/sitemap-films.xml?p=3" in index
    assert client.get("/sitemap-films.xml?p=3").content.decode().count("<url>") == 1


# ── Bad input ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "title", [LONG, "فيلم من كمبالا", "🎬🎬 Boda 🛵", "W" * 200, "<b>bold</b>"]
)
def test_titles_of_all_sorts(client: Client, movie_factory: Any, title: str) -> None:
    movie_factory(slug="odd", title=title.strip(), category=None, description="", year=None)
    for url in (
        "/",
        "/movies",
        "/movies/odd",
        "/search?q=boda",
        "/sitemap-films.xml",
        "/films.rss",
    ):
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert b"<b>bold" not in answer.content
    assert 'dir="auto"' in client.get("/movies/odd").content.decode()


@pytest.mark.parametrize("name", ["نجمة الليل", "Ssali 🎭", "N" * 120, "<b>bold</b>"])
def test_names_of_all_sorts(
    client: Client, movie: Movie, site_as: SiteAs, viewer: User, category_factory: Any, name: str
) -> None:
    person = PersonFactory.create(name=name, slug="odd-name")
    CreditFactory.create(movie=movie, person=person, job="VJ")
    movie.category = category_factory(name=name[:60], slug="odd-shelf")
    movie.save()
    User.objects.update(name=name)
    browser = site_as(viewer)
    for url in ("/people/odd-name", "/movies/last-boda", "/categories/odd-shelf", "/account"):
        page = browser.get(url).content.decode()
        assert "<b>bold" not in page, url
        # The browser finds the direction of each name; its neighbours keep their own.
        assert re.search(rf'(<bdi>|dir="auto">)\s*{re.escape(escape(name[:60]))}', page), url


def test_a_large_category_costs_the_same(
    client: Client, category_factory: Any, django_assert_num_queries: Any
) -> None:
    """Explain why a category of ten thousand films costs no more (bench/pages.py measures it)."""
    few, many = category_factory(slug="few"), category_factory(slug="many")
    MovieFactory.create_batch(25, category=few)
    copies = [MovieFactory.build(category=many, slug=f"crowd-{n}") for n in range(300)]
    Movie.objects.bulk_create(copies)
    with CaptureQueriesContext(connection) as queries:
        small = client.get("/categories/few")
    with django_assert_num_queries(len(queries)):
        large = client.get("/categories/many")
    for answer in (small, large):
        assert answer.content.decode().count('class="card"') == 24
        assert "Show more" in answer.content.decode()
    assert len(large.content) < len(small.content) * 1.1


def test_a_feed_kept_for_one_country_is_not_served_to_another(
    client: Client, settings: Any, movie_factory: Any
) -> None:
    here = movie_factory(allowed_countries=["UG"])
    settings.COUNTRY_HEADER = "CF-IPCountry"
    uganda = client.get("/films.rss", headers={"CF-IPCountry": "UG"})
    kenya = client.get("/films.rss", headers={"CF-IPCountry": "KE"})
    assert here.title in uganda.content.decode()
    assert here.title not in kenya.content.decode()
    for answer in (uganda, kenya):
        assert "CF-IPCountry" in answer["Vary"]
        assert answer["Cache-Control"] == "public, no-cache"
        assert answer["ETag"]
