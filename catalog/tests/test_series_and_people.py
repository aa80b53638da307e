"""API of series, people and related films, and former addresses."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from catalog.models import CreditJob, FormerSlug, Movie, RelatedMovie, Season, Series, SlugKind
from kushfilms.core.links import absolute_url
from tests.factories import (
    CategoryFactory,
    CreditFactory,
    EpisodeFactory,
    MovieFactory,
    PersonFactory,
    SeasonFactory,
    SeriesFactory,
)

API = "/api/v1"

pytestmark = pytest.mark.django_db


def _episode(season: Season, number: int, **fields: Any) -> Movie:
    title = f"S{season.number}E{number}"
    made: Movie = EpisodeFactory.create(
        **{"season": season, "episode_number": number, "title": title, "slug": title.lower()}
        | fields
    )
    return made


@pytest.fixture
def series() -> Series:
    """Create seasons out of order: specials and the second before the first."""
    made = SeriesFactory.create(title="Kampala Nights", slug="kampala-nights")
    special, second, first = (SeasonFactory.create(series=made, number=n) for n in (0, 2, 1))
    _episode(special, 1)
    _episode(second, 1)
    for number in (2, 1):
        _episode(first, number)
    return made


def _of(answer: Any) -> list[tuple[int, list[str]]]:
    assert answer.status_code == 200, answer.content
    seasons = answer.json()["seasons"]
    return [(s["number"], [episode["title"] for episode in s["episodes"]]) for s in seasons]


def test_a_series_has_its_episodes_in_order(api: APIClient, series: Series) -> None:
    _episode(SeasonFactory.create(series=series, number=3), 1, published=False, published_at=None)
    answer = api.get(f"{API}/series/kampala-nights")
    assert _of(answer) == [(1, ["S1E1", "S1E2"]), (2, ["S2E1"]), (0, ["S0E1"])]
    body = answer.json()
    assert (body["nextEpisode"]["slug"], body["nextEpisode"]["episode"]) == ("s1e1", 1)
    assert api.get(f"{API}/series/{series.pk}").content == answer.content


def test_the_next_episode(api: APIClient, series: Series) -> None:
    _episode(series.seasons.get(number=2), 2, slug="hidden", playable=False)
    _episode(series.seasons.get(number=0), 2)
    stranger = SeasonFactory.create(number=9)
    _episode(stranger, 1)
    MovieFactory.create(slug="film")
    follows = {
        slug: (api.get(f"{API}/movies/{slug}").json()["nextEpisode"] or {}).get("slug")
        for slug in ("s1e1", "s1e2", "s2e1", "s0e1", "s0e2", "film")
    }
    assert follows == {
        "s1e1": "s1e2", "s1e2": "s2e1", "s2e1": None, "s0e1": "s0e2", "s0e2": None, "film": None,
    }  # fmt: skip
    body = api.get(f"{API}/movies/s1e2").json()
    assert (body["kind"], body["series"]) == (
        "EPISODE",
        {"id": str(series.pk), "title": "Kampala Nights", "slug": "kampala-nights",
         "season": 1, "episode": 2},
    )  # fmt: skip


def test_series_are_listed_while_there_is_something_to_watch(
    api: APIClient, series: Series, settings: Any
) -> None:
    settings.COUNTRY_HEADER = "CF-IPCountry"
    abroad = SeriesFactory.create(title="Abroad")
    _episode(SeasonFactory.create(series=abroad), 7, allowed_countries=["KE"])
    SeriesFactory.create(title="Empty")
    draft = SeriesFactory.create(published=False, published_at=None, slug="draft")
    _episode(SeasonFactory.create(series=draft), 8)

    def listed(country: str) -> list[str]:
        answer = api.get(f"{API}/series", HTTP_CF_IPCOUNTRY=country)
        return [row["title"] for row in answer.json()["results"]]

    assert listed("UG") == ["Kampala Nights"]
    assert listed("KE") == ["Abroad", "Kampala Nights"]
    assert api.get(f"{API}/series/draft").status_code == 404
    assert api.get(f"{API}/series/{abroad.slug}").json()["seasons"] == []
    series.category = CategoryFactory.create(slug="drama")
    series.save()
    for query, count in {"category=drama": 1, "category=x": 0, "genre=Crime": 0}.items():
        assert len(api.get(f"{API}/series?{query}").json()["results"]) == count


def test_series_cost_the_same_at_any_size(
    api: APIClient, series: Series, django_assert_num_queries: Any
) -> None:
    first = series.seasons.get(number=1)
    for rows in (2, 20):
        for number in range(first.episodes.count() + 1, rows + 1):
            _episode(first, number)
        with django_assert_num_queries(2):
            api.get(f"{API}/series/kampala-nights")
        # The film with its credits, the order of its series, the next episode.
        with django_assert_num_queries(3):
            api.get(f"{API}/movies/s1e1")
        with django_assert_num_queries(1):
            api.get(f"{API}/series")


# ── People ──────────────────────────────────────────────────────────────────────────────


def test_a_person_and_their_films_by_job(api: APIClient) -> None:
    person = PersonFactory.create(name="VJ Junior", slug="vj-junior", biography="Tells films.")
    old, new, draft = MovieFactory.create(), MovieFactory.create(), MovieFactory.draft()
    for movie, job in [
        (old, CreditJob.VJ),
        (new, CreditJob.VJ),
        (draft, CreditJob.VJ),
        (old, CreditJob.DIRECTOR),
    ]:
        CreditFactory.create(movie=movie, person=person, job=job)
    body = api.get(f"{API}/people/vj-junior").json()
    films = [(row["job"], [movie["id"] for movie in row["movies"]]) for row in body["films"]]
    assert films == [("DIRECTOR", [str(old.pk)]), ("VJ", [str(new.pk), str(old.pk)])]
    assert (body["name"], body["biography"]) == ("VJ Junior", "Tells films.")
    listed = api.get(f"{API}/movies?person=vj-junior").json()["results"]
    assert [row["id"] for row in listed] == [str(new.pk), str(old.pk)]
    assert api.get(f"{API}/people/nobody").status_code == 404


def test_people_by_name_and_job(api: APIClient) -> None:
    for name, job, fields in [
        ("Zziwa", CreditJob.VJ, {}),
        ("Aisha", CreditJob.CAST, {}),
        ("Hidden", CreditJob.VJ, {"playable": False}),
    ]:
        movie = MovieFactory.create(**fields)
        CreditFactory.create(movie=movie, person=PersonFactory.create(name=name), job=job)
    PersonFactory.create(name="Nothing yet")
    names = {
        query: [row["name"] for row in api.get(f"{API}/people{query}").json()["results"]]
        for query in ("", "?job=VJ", "?job=WRITER")
    }
    assert names == {"": ["Aisha", "Zziwa"], "?job=VJ": ["Zziwa"], "?job=WRITER": []}
    assert api.get(f"{API}/people?job=EXTRA").json()["fields"].keys() == {"job"}


def test_people_cost_the_same_at_any_number(api: APIClient, django_assert_num_queries: Any) -> None:
    person = PersonFactory.create(slug="busy")
    for rows in (2, 20):
        while person.credits.count() < rows:
            CreditFactory.create(person=person)
            CreditFactory.create()
        with django_assert_num_queries(3):  # the person, their parts, the films
            api.get(f"{API}/people/busy")
        with django_assert_num_queries(1):
            api.get(f"{API}/people")


def test_a_films_credits(api: APIClient) -> None:
    movie = MovieFactory.create(slug="film", vjs=["VJ Junior"], audio_languages=["en", "lg"])
    person = PersonFactory.create(name="VJ Junior", slug="vj-junior", photo_key="public/p.webp")
    CreditFactory.create(movie=movie, person=person, job=CreditJob.VJ, character="Everyone")
    body = api.get(f"{API}/movies/film").json()
    assert body["credits"] == [
        {
            "person": {"id": str(person.pk), "name": "VJ Junior", "slug": "vj-junior",
                       "photoUrl": absolute_url("/public/p.webp")},
            "job": "VJ",
            "character": "Everyone",
        }
    ]  # fmt: skip
    assert (body["vjs"], body["audioLanguages"], body["subtitleLanguages"]) == (
        ["VJ Junior"], ["en", "lg"], [],
    )  # fmt: skip


# ── More like this ──────────────────────────────────────────────────────────────────────


def _related(api: APIClient, slug: str, query: str = "") -> list[str]:
    answer = api.get(f"{API}/movies/{slug}/related{query}")
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()["results"]]


def test_related_films_are_computed_then_similar_then_popular(api: APIClient) -> None:
    drama, person = CategoryFactory.create(), PersonFactory.create()
    movie = MovieFactory.create(slug="film", category=drama, genres=["Crime"])
    MovieFactory.create(title="Shelf", category=drama)
    both = MovieFactory.create(title="Both", category=drama, genres=["Crime"])
    friends = MovieFactory.create(title="Friends")
    MovieFactory.create(title="Nothing shared", view_count=5)
    MovieFactory.create(title="Seldom seen")
    hidden = MovieFactory.create(title="Hidden", category=drama, playable=False)
    for row in (movie, friends):
        CreditFactory.create(movie=row, person=person)
    popular = ["Nothing shared", "Seldom seen"]
    assert _related(api, "film") == ["Friends", "Both", "Shelf", *popular]
    for rank, other in enumerate((hidden, friends, both)):
        RelatedMovie.objects.create(movie=movie, other=other, rank=rank, score=1)
    assert _related(api, "film") == ["Friends", "Both", "Shelf", *popular]
    assert _related(api, "film", "?limit=1") == ["Friends"]
    assert api.get(f"{API}/movies/nothing/related").status_code == 404


def test_a_film_without_similar_ones_has_related_films(api: APIClient) -> None:
    MovieFactory.create(slug="film", genres=["Alone"])
    assert _related(api, "film") == []
    MovieFactory.create(title="Other")
    MovieFactory.create(title="Draft", published=False)
    assert _related(api, "film") == ["Other"]


def test_enough_related_films_are_not_filled_up(api: APIClient) -> None:
    movie = MovieFactory.create(slug="film")
    others = MovieFactory.create_batch(6)
    MovieFactory.create(title="Popular", view_count=99)
    for rank, other in enumerate(others):
        RelatedMovie.objects.create(movie=movie, other=other, rank=rank, score=1)
    assert _related(api, "film") == [other.title for other in others]


def test_related_costs_the_same_at_any_number(
    api: APIClient, django_assert_num_queries: Any
) -> None:
    drama = CategoryFactory.create()
    MovieFactory.create(slug="film", category=drama, genres=["Crime"])
    for rows in (6, 20):
        MovieFactory.create_batch(rows, category=drama, genres=["Crime"])
        with django_assert_num_queries(4):  # the film, what was worked out, what is alike, films
            api.get(f"{API}/movies/film/related")


# ── Addresses that were given out ───────────────────────────────────────────────────────


def test_former_addresses_redirect(api: APIClient, series: Series) -> None:
    movie = MovieFactory.create(slug="new-film")
    category, person = CategoryFactory.create(slug="new-shelf"), PersonFactory.create(slug="new-p")
    renamed: list[tuple[SlugKind, Any, str, str]] = [
        (SlugKind.MOVIE, movie, "old-film", "movies"),
        (SlugKind.CATEGORY, category, "old-shelf", "categories"),
        (SlugKind.PERSON, person, "old-p", "people"),
        (SlugKind.SERIES, series, "old-series", "series"),
    ]
    for kind, target, old, path in renamed:
        FormerSlug.objects.create(kind=kind, slug=old, target_id=target.pk)
        answer = api.get(f"{API}/{path}/{old}")
        assert (answer.status_code, answer.json()["slug"]) == (200, target.slug)
    for path, new in [("movies/old-film", "new-film"), ("categories/old-shelf", "new-shelf")]:
        answer = api.get(f"/{path}")
        place = path.partition("/")[0]
        assert (answer.status_code, answer["Location"]) == (301, f"/{place}/{new}")
    movie.published = False
    movie.save()
    for path in (f"{API}/movies/old-film", "/movies/old-film", f"{API}/movies/old-series"):
        assert api.get(path).status_code == 404
