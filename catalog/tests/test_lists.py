"""Lists: contents by time and country, cursors, and costs."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from rest_framework.test import APIClient

from catalog.audience import Audience
from catalog.entitlement import film_refusal
from catalog.models import Movie, Trend
from catalog.selectors import SORTS, movies_listed, movies_trending
from catalog.services.films import movie_create
from tests.factories import (
    MORNING,
    CategoryFactory,
    EpisodeFactory,
    MovieFactory,
    SeasonFactory,
)

URL = "/api/v1/movies"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _countries(settings: Any) -> None:
    settings.COUNTRY_HEADER = "CF-IPCountry"


def _titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [movie["title"] for movie in answer.json()["results"]]


# ── One definition ──────────────────────────────────────────────────────────────────────


WINDOWS = [None, NOW - HOUR, NOW, NOW + HOUR]
PLACES: list[list[str]] = [[], ["UG"], ["KE"], ["UG", "KE"]]


def test_sql_and_the_entitlement_agree_on_every_case() -> None:
    """Lists show exactly the films whose own pages allow them."""
    windows = [(a, b) for a, b in product(WINDOWS, WINDOWS) if not (a and b) or a < b]
    for (published, playable), window, allowed, blocked in product(
        [(True, True), (True, False), (False, True)], windows, PLACES, PLACES
    ):
        MovieFactory.create(
            published=published, playable=playable, licence_starts_at=window[0],
            licence_ends_at=window[1], allowed_countries=allowed, blocked_countries=blocked,
        )  # fmt: skip
    for country in ("UG", "KE", "DE", ""):
        listed = set(movies_listed(now=NOW, country=country).values_list("pk", flat=True))
        allowed_by_rule = {
            movie.pk
            for movie in Movie.objects.all()
            if film_refusal(movie, now=NOW, country=country) is None
        }
        assert listed == allowed_by_rule, country
        assert 0 < len(listed) < Movie.objects.count()


@time_machine.travel(NOW, tick=False)
def test_a_film_is_listed_where_and_while_it_can_be_watched(api: APIClient) -> None:
    drama = CategoryFactory.create(slug="drama")
    shown: dict[str, dict[str, Any]] = {
        "Everywhere": {},
        "Uganda": {"allowed_countries": ["UG"]},
        "Not Kenya": {"blocked_countries": ["KE"]},
        "Over": {"licence_ends_at": NOW},
        "To come": {"licence_starts_at": NOW + HOUR},
    }
    for title, fields in shown.items():
        MovieFactory.create(title=title, category=drama, featured=True, trending=True, **fields)
    here = {"UG": {"Everywhere", "Uganda", "Not Kenya"}, "KE": {"Everywhere"}}
    here[""] = {"Everywhere", "Not Kenya"}
    for country, expected in here.items():
        for path in ("", "/featured", "/recent", "/trending", "?category=drama"):
            answer = api.get(f"{URL}{path}", HTTP_CF_IPCOUNTRY=country)
            assert set(_titles(answer)) == expected, (country, path)
            assert "CF-IPCountry" in answer["Vary"]
        for page in ("/", "/movies", "/categories/drama"):
            html = api.get(page, HTTP_CF_IPCOUNTRY=country).content.decode()
            assert {title for title in shown if f">{title}</" in html} == expected, page


@time_machine.travel(NOW, tick=False)
def test_a_films_address_explains_why_it_cannot_be_watched(api: APIClient) -> None:
    MovieFactory.create(slug="over", licence_ends_at=NOW)
    MovieFactory.create(slug="home", allowed_countries=["UG"])
    MovieFactory.create(slug="soon", playable=False)
    said = {
        slug: (api.get(f"{URL}/{slug}", HTTP_CF_IPCOUNTRY="KE").json()["unavailable"] or {}).get(
            "code"
        )
        for slug in ("over", "home", "soon")
    }
    assert said == {"over": "licence_window", "home": "region_blocked", "soon": "not_ready"}
    assert api.get(f"{URL}/home", HTTP_CF_IPCOUNTRY="UG").json()["unavailable"] is None
    assert b"not available at the moment" in api.get("/movies/over").content


def test_episodes_are_listed_only_when_asked_for(api: APIClient) -> None:
    MovieFactory.create(title="Film")
    MovieFactory.create(title="Short", kind="SHORT")
    EpisodeFactory.create(title="Pilot", season=SeasonFactory.create(), episode_number=1)
    assert _titles(api.get(URL)) == ["Short", "Film"]
    assert _titles(api.get(f"{URL}/recent")) == ["Short", "Film"]
    assert _titles(api.get(f"{URL}?kind=EPISODE")) == ["Pilot"]
    assert _titles(api.get(f"{URL}?kind=SHORT")) == ["Short"]
    assert api.get(f"{URL}?kind=CLIP").json()["fields"].keys() == {"kind"}


def test_language_is_that_of_the_film_or_of_a_track(api: APIClient) -> None:
    MovieFactory.create(title="Own", language="Luganda")
    MovieFactory.create(title="Told", language="English", audio_languages=["en", "lg"])
    MovieFactory.create(title="Other", language="Acholi", audio_languages=["ach"])
    for asked in ("Luganda", "luganda", "lg"):
        assert _titles(api.get(f"{URL}?language={asked}")) == ["Told", "Own"], asked
    assert _titles(api.get(f"{URL}?language=Klingon")) == []


def test_filters_and_sorts_combine(api: APIClient) -> None:
    drama = CategoryFactory.create(slug="drama")
    for n in range(6):
        MovieFactory.create(
            title=f"F{n}", category=drama if n % 2 else None, view_count=n, genres=["Crime"],
            access_level="BASIC" if n > 2 else "FREE",
        )  # fmt: skip
    query = "category=drama&genre=Crime&accessLevel=BASIC&sort=popular"
    assert _titles(api.get(f"{URL}?{query}")) == ["F5", "F3"]


# ── Cursors ─────────────────────────────────────────────────────────────────────────────


def _cursor(answer: Any) -> str:
    return str(answer.json()["next"]).partition("cursor=")[2].partition("&")[0]


def test_a_cursor_belongs_to_its_list_and_filters(api: APIClient) -> None:
    drama = CategoryFactory.create(slug="drama")
    for _ in range(4):
        MovieFactory.create(category=drama, featured=True)
    cursor = _cursor(api.get(f"{URL}?category=drama&limit=1"))
    for path in ("?limit=1", "?category=other&limit=1", "?category=drama&year=2024&limit=1",
                 "?category=drama&sort=title&limit=1", "/featured?limit=1"):  # fmt: skip
        answer = api.get(f"{URL}{path}&cursor={cursor}")
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["cursor"]), path
    for path in ("?category=drama&limit=1", "?limit=3&category=drama&year="):
        assert api.get(f"{URL}{path}&cursor={cursor}").status_code == 200, path
    assert api.get(f"/movies?cursor={cursor}").status_code == 400


@pytest.mark.parametrize("sort", list(SORTS))
def test_pages_neither_repeat_nor_skip_films_as_films_change(api: APIClient, sort: str) -> None:
    old = [str(MovieFactory.create(view_count=n % 3, rating=n % 4).pk) for n in range(12)]
    url, seen = f"{URL}?sort={sort}&limit=4", []
    while url:
        page = api.get(url).json()
        seen += [row["id"] for row in page["results"]]
        for n in range(3):
            MovieFactory.create(title=f"A{n}", published_at=MORNING, view_count=9, rating=5)
        url = page["next"]
    assert len(seen) == len(set(seen))
    assert set(old) <= set(seen)


@pytest.mark.parametrize("limit", ["0", "1000000000", "-1", "x"])
@pytest.mark.parametrize("path", ["", "/featured", "/trending", "/recent"])
def test_invalid_limits(api: APIClient, path: str, limit: str) -> None:
    answer = api.get(f"{URL}{path}?limit={limit}")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["limit"])


# ── What it costs ───────────────────────────────────────────────────────────────────────


def _plan(sql: str, params: Any) -> str:
    # Compiled statements number their values.
    begin: Any = connection.prepared_cursor if "$1" in sql else connection.cursor  # type: ignore[attr-defined]
    with begin() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(row[0] for row in cursor.fetchall())


def test_no_list_reads_all_films(api: APIClient, django_assert_num_queries: Any) -> None:
    """Check plans at 2,000 films with fresh statistics; a control shows that they can differ."""
    shelves = [CategoryFactory.create(slug=f"shelf-{n}") for n in range(8)]
    Movie.objects.bulk_create(
        MovieFactory.build(
            category=shelves[n % 8], view_count=n % 97, rating=n % 5, rating_count=n % 31,
            featured=n % 100 == 0, genres=[f"Genre {n % 40}"],
        )
        for n in range(2000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_movie")
    asked = [f"{URL}?sort={sort}" for sort in SORTS]
    asked += [f"{URL}?category=shelf-3&sort={sort}" for sort in SORTS]
    asked += [f"/api/v1/categories/shelf-3/movies?sort={sort}" for sort in SORTS]
    asked += [f"{URL}/featured", f"{URL}/recent", f"{URL}/trending", f"{URL}?genre=Genre+7",
              f"{URL}?kind=EPISODE"]  # fmt: skip
    for url in asked:
        for page in (url, api.get(f"{url}{'&' if '?' in url else '?'}limit=5").json().get("next")):
            if page:
                _reads_an_index(api, page)
    control = _plan("SELECT * FROM catalog_movie WHERE description = 'x'", [])
    assert "Seq Scan on catalog_movie" in control


def _reads_an_index(api: APIClient, url: str) -> None:
    plans = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and 'FROM "catalog_movie"' in sql:
            plans.append(_plan(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        assert api.get(url).status_code == 200
    assert plans, url
    for plan in plans:
        assert "Seq Scan on catalog_movie" not in plan, f"{url}\n{plan}"


# ── Words that are lists ────────────────────────────────────────────────────────────────


def test_a_film_cannot_take_the_slug_of_a_list(api: APIClient) -> None:
    assert movie_create(title="Featured").slug == "featured-film"
    with pytest.raises(IntegrityError), transaction.atomic():
        MovieFactory.create(slug="trending")
    assert api.get(f"{URL}/featured").json()["results"] == []


def test_trending_is_marked_then_charted_else_most_viewed() -> None:
    films = [MovieFactory.create(title=str(n), view_count=n) for n in range(5)]
    here = Audience(now=NOW, country="")
    titles = [movie.title for movie in movies_trending(limit=3, **here)]
    assert titles == ["4", "3", "2"]
    for rank, movie in enumerate((films[1], films[3]), start=1):
        Trend.objects.create(movie=movie, rank=rank, score=1 / rank)
    Movie.objects.filter(pk=films[0].pk).update(trending=True)
    titles = [movie.title for movie in movies_trending(limit=9, **here)]
    assert titles == ["0", "1", "3"]
