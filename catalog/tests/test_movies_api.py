"""API of films and categories."""

import re
import time
from typing import Any

import pytest
from rest_framework.test import APIClient

from catalog.selectors import SORTS
from kushfilms.core.client_ids import client_id_issue
from tests.factories import MORNING, CategoryFactory, CreditFactory, MovieFactory

URL = "/api/v1/movies"

pytestmark = pytest.mark.django_db


def _titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [movie["title"] for movie in answer.json()["results"]]


def test_the_list_shows_published_playable_films(
    api: APIClient, movie_factory: Any, category_factory: Any
) -> None:
    category = category_factory(name="Drama", slug="drama")
    movie = movie_factory(
        title="Seven Hills", slug="seven-hills", category=category, rating="4.25", genres=["Crime"]
    )
    movie_factory.draft(title="Draft")
    movie_factory(title="Published, its video gone", playable=False)
    answer = api.get(URL)
    assert answer.json() == {
        "next": None,
        "previous": None,
        "results": [
            {
                "id": str(movie.pk),
                "kind": "FILM",
                "title": "Seven Hills",
                "slug": "seven-hills",
                "description": movie.description,
                "year": 2024,
                "duration": 6000,
                "rating": 4.25,
                "ratingCount": 0,
                "language": "Luganda",
                "country": "Uganda",
                "genres": ["Crime"],
                "thumbnailUrl": "",
                "posterUrl": "",
                "accessLevel": "FREE",
                "ageRating": "G",
                "publishedAt": movie.published_at.isoformat().replace("+00:00", "Z"),
                "category": {"id": str(category.pk), "name": "Drama", "slug": "drama"},
            }
        ],
    }


def test_filters(api: APIClient, movie_factory: Any, category_factory: Any) -> None:
    drama, off = category_factory(slug="drama"), category_factory(slug="off", active=False)
    movie_factory(
        title="A", category=drama, year=1999, language="English", country="Kenya",
        genres=["Crime", "Romance"], access_level="PREMIUM", rating="4.5",
    )  # fmt: skip
    movie_factory(title="B", category=off, genres=["Comedy"], rating="2.0")
    expected = {
        "category=drama": ["A"],
        f"category={drama.pk}": ["A"],
        "category=off": [],
        "category=nowhere": [],
        "genre=Romance": ["A"],
        "genre=Rom": [],
        "year=1999": ["A"],
        "language=english": ["A"],
        "country=kenya": ["A"],
        "accessLevel=PREMIUM": ["A"],
        "minRating=4.5": ["A"],
        "minRating=2&accessLevel=FREE": ["B"],
        "year=1999&language=Luganda": [],
        "category=&genre=": ["B", "A"],
        "unknown=1": ["B", "A"],
    }
    assert {query: _titles(api.get(f"{URL}?{query}")) for query in expected} == expected


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("year=abc", "year"),
        ("year=99999999999999999999999999", "year"),
        ("year=-1", "year"),
        ("minRating=NaN", "minRating"),
        ("minRating=6", "minRating"),
        ("minRating=1e99999", "minRating"),
        ("accessLevel=GOLD", "accessLevel"),
        ("sort=random()", "sort"),
        ("genre=%00", "genre"),
        ("category=%00", "category"),
        ("language=" + "x" * 100, "language"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=%C2%B2", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("cursor=abc", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=" + "x" * 5000, "cursor"),
    ],
)
def test_invalid_filters_are_named(api: APIClient, query: str, field: str) -> None:
    answer = api.get(f"{URL}?{query}")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


@pytest.mark.parametrize("sort", list(SORTS))
def test_every_order_pages_through_everything_once(
    api: APIClient, movie_factory: Any, sort: str
) -> None:
    """Check ties: most films tie in most orders."""
    for n in range(11):
        movie_factory(title=f"Film {n % 3}", view_count=n % 2, rating=n % 2, published_at=MORNING)
    there, url = [], f"{URL}?sort={sort}&limit=3"
    while url:
        page = api.get(url).json()
        there.append([movie["id"] for movie in page["results"]])
        last, url = url, page["next"]
    assert [len(ids) for ids in there] == [3, 3, 3, 2]
    assert len({pk for ids in there for pk in ids}) == 11
    back: list[list[str]] = []
    url = last
    while url:
        page = api.get(url).json()
        back.insert(0, [movie["id"] for movie in page["results"]])
        url = page["previous"]
    assert back == there


def test_sorts(api: APIClient, movie_factory: Any) -> None:
    movie_factory(title="B", view_count=1, rating=3)
    movie_factory(title="C", view_count=3, rating=1)
    movie_factory(title="A", view_count=2, rating=2)
    assert {sort: _titles(api.get(f"{URL}?sort={sort}")) for sort in SORTS} == {
        "newest": ["A", "C", "B"],
        "oldest": ["B", "C", "A"],
        "popular": ["C", "A", "B"],
        "rating": ["B", "A", "C"],
        "title": ["A", "B", "C"],
    }


def test_new_films_do_not_shift_the_pages(api: APIClient, movie_factory: Any) -> None:
    old = [str(movie_factory().pk) for _ in range(6)]
    first = api.get(f"{URL}?limit=3").json()
    for _ in range(4):
        movie_factory()
    second = api.get(first["next"]).json()
    seen = [movie["id"] for page in (first, second) for movie in page["results"]]
    assert seen == old[::-1]
    assert second["next"] is None


def test_a_cursor_belongs_to_its_order(api: APIClient, movie_factory: Any) -> None:
    for _ in range(3):
        movie_factory()
    cursor = api.get(f"{URL}?limit=1").json()["next"].partition("cursor=")[2].partition("&")[0]
    assert api.get(f"{URL}?sort=popular&limit=1&cursor={cursor}").status_code == 400
    assert api.get(f"{URL}?sort=newest&limit=1&cursor={cursor}").status_code == 200


# ── One film ────────────────────────────────────────────────────────────────────────────


def test_a_film_by_id_and_by_slug(api: APIClient, movie_factory: Any) -> None:
    movie = movie_factory(cast=["Aisha Nabirye"], plot="Long.", director="L. S.")
    by_slug, by_id = api.get(f"{URL}/{movie.slug}"), api.get(f"{URL}/{movie.pk}")
    assert by_slug.status_code == 200
    assert by_slug.content == by_id.content
    body = by_slug.json()
    assert (body["cast"], body["plot"], body["director"]) == (["Aisha Nabirye"], "Long.", "L. S.")
    assert "source" not in by_slug.content.decode()


@pytest.mark.parametrize(
    "reference",
    ["nothing", "72847f5c-4b4f-4d2a-8128-a9a890d62ff1", "%00", "a%20b", "..%2f", "x" * 3000, "é"],
)
def test_no_such_film(api: APIClient, movie_factory: Any, reference: str) -> None:
    movie_factory()
    answer = api.get(f"{URL}/{reference}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_drafts_are_not_found(api: APIClient, movie_factory: Any) -> None:
    draft = movie_factory.draft()
    assert api.get(f"{URL}/{draft.slug}").status_code == 404
    assert api.get(f"{URL}/{draft.pk}").status_code == 404


# ── Categories ──────────────────────────────────────────────────────────────────────────


def test_categories(api: APIClient, category_factory: Any, movie_factory: Any) -> None:
    second = category_factory(name="Drama", slug="drama", order=2)
    first = category_factory(name="Zany", slug="zany", order=1)
    off = category_factory(slug="off", active=False)
    movie = movie_factory(category=second)
    movie_factory(category=first)
    movie_factory.draft(category=second)
    listed = api.get("/api/v1/categories").json()
    assert [row["slug"] for row in listed["results"]] == ["zany", "drama"]
    one = api.get("/api/v1/categories/drama")
    assert one.json() == {
        "id": str(second.pk),
        "name": "Drama",
        "slug": "drama",
        "description": "",
        "imageUrl": "",
        "order": 2,
    }
    films = api.get("/api/v1/categories/drama/movies?sort=title")
    assert [row["id"] for row in films.json()["results"]] == [str(movie.pk)]
    for path in (f"/{off.slug}", f"/{off.slug}/movies", "/nowhere", "/nowhere/movies"):
        assert api.get(f"/api/v1/categories{path}").status_code == 404


# ── Public reads ────────────────────────────────────────────────────────────────────────


def test_everyone_gets_the_same_bytes_and_then_304(
    api: APIClient, movie_factory: Any, premium_viewer: Any, api_as: Any
) -> None:
    movie = movie_factory()
    for url in (URL, f"{URL}/{movie.slug}", "/api/v1/categories"):
        answer = api.get(url)
        theirs = api_as(premium_viewer).get(url)
        stale = api.get(url, HTTP_AUTHORIZATION="Bearer stale")
        assert answer.content == theirs.content == stale.content
        assert answer["ETag"] == theirs["ETag"]
        assert answer["Cache-Control"] == "public, no-cache"
        assert "Cookie" not in answer.get("Vary", "")
        assert not answer.cookies
        again = api.get(url, HTTP_IF_NONE_MATCH=answer["ETag"])
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
        assert again["Cache-Control"] == "public, no-cache"


def test_a_change_shows_at_once(api: APIClient, movie_factory: Any) -> None:
    movie = movie_factory()
    tag = api.get(f"{URL}/{movie.slug}")["ETag"]
    movie.title = "Renamed"
    movie.save()
    answer = api.get(f"{URL}/{movie.slug}", HTTP_IF_NONE_MATCH=tag)
    assert (answer.status_code, answer.json()["title"]) == (200, "Renamed")


def test_a_compressed_answer_revalidates(api: APIClient, movie_factory: Any) -> None:
    movie_factory()
    answer = api.get(URL, HTTP_ACCEPT_ENCODING="gzip")
    assert answer["Content-Encoding"] == "gzip"
    assert answer["ETag"].startswith("W/")
    assert api.get(URL, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


@pytest.mark.parametrize("sort", SORTS)
def test_compiled_lists_are_the_same_as_filtered_ones(
    api: APIClient, movie_factory: Any, category_factory: Any, sort: str
) -> None:
    drama = category_factory(slug="drama")
    for n in range(9):
        movie_factory(title=f"Film {n // 2}", category=drama, rating=n % 3, rating_count=n % 2,
                      view_count=n // 4, published_at=MORNING)  # fmt: skip
    for url in (URL, "/api/v1/categories/drama/movies"):
        for filtered in ("", "&genre="):
            ids: list[str] = []
            following = f"{url}?limit=4&sort={sort}{filtered}"
            while following:
                page = api.get(following).json()
                ids += [row["id"] for row in page["results"]]
                previous, following = page["previous"], page["next"]
            before = [row["id"] for row in api.get(previous).json()["results"]]
            assert (len(ids), before) == (9, ids[4:8])
            assert ids == [
                str(pk) for pk in drama.movies.order_by(*SORTS[sort]).values_list("pk", flat=True)
            ]


@pytest.mark.parametrize(
    ("url", "queries"),
    [
        (URL, 2),  # the films, their cards
        (f"{URL}?category=drama&sort=rating", 2),
        ("/api/v1/categories/drama/movies", 3),
    ],
)
def test_query_counts(
    api: APIClient,
    movie_factory: Any,
    category_factory: Any,
    django_assert_num_queries: Any,
    url: str,
    queries: int,
) -> None:
    drama = category_factory(slug="drama")
    for rows in (2, 20):
        while drama.movies.count() < rows:
            movie_factory(category=drama)
        with django_assert_num_queries(queries):
            assert len(_titles(api.get(url))) == rows


def test_categories_are_one_query(
    api: APIClient, category_factory: Any, django_assert_num_queries: Any
) -> None:
    for rows in (2, 18):
        for _ in range(rows):
            category_factory()
        with django_assert_num_queries(1):
            api.get("/api/v1/categories")


def test_a_film_takes_one_query(
    api: APIClient, movie_factory: Any, django_assert_num_queries: Any
) -> None:
    movie = movie_factory()
    for rows in (2, 20):
        while movie.credits.count() < rows:
            CreditFactory.create(movie=movie)
        with django_assert_num_queries(1):
            assert len(api.get(f"{URL}/{movie.slug}").json()["credits"]) == rows


def _browser() -> dict[str, Any]:
    """Return the cookie of a browser that has had its id for an hour."""
    return {"HTTP_COOKIE": f"client={client_id_issue(now=time.time() - 3600)}"}


@pytest.mark.usefixtures("fresh_window")
def test_a_busy_client_does_not_throttle_its_neighbours(
    api: APIClient, movie_factory: Any, settings: Any
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "movies": "3/60"}
    own, theirs = _browser(), _browser()
    statuses = [api.get(URL, **own).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    limited = api.get(URL, **own)
    assert limited.json()["code"] == "rate_limited"
    assert 1 <= int(limited["Retry-After"]) <= 60
    assert api.get(URL, **theirs).status_code == 200
    assert api.get(URL).status_code == 200


def test_every_picture_has_an_absolute_address(api: APIClient, settings: Any) -> None:
    """Check with and without a CDN: an app has no page to resolve a path against."""
    category = CategoryFactory.create(slug="drama", image_key="public/c.webp")
    keys = {f"{name}_key": f"public/{name}.webp" for name in ("poster", "thumbnail", "backdrop")}
    MovieFactory.create(
        slug="film", title="Boda", category=category, preview_key="public/preview.webp", **keys
    )
    urls = ["/movies", "/movies/film", "/movies/search?q=boda", "/movies/recent", "/categories"]
    for cdn, origin in [("", settings.FRONTEND_URL), ("https://cdn.test", "https://cdn.test")]:
        settings.CDN_URL = cdn
        for url in urls:
            page = api.get(f"/api/v1{url}").content.decode()
            found = re.findall(r'"\w+Url":\s*"([^"]*public[^"]*)"', page)
            assert found, url
            assert {picture.partition("/public/")[0] for picture in found} == {origin}, url
