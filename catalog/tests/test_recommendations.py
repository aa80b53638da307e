"""Recommendations, and the watched film each relates to."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import Movie, Rating, RelatedMovie, Season, Series, WatchHistory
from catalog.services.related import related_request

URL = "/api/v1/users/recommendations"
ApiAs = Callable[[User], APIClient]
RunJobs = Callable[[], int]

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(movie_factory: Any) -> dict[str, Movie]:
    """Create three films about boda rides and three about fielding."""
    genres = {"boda": ["Action"], "field": ["Documentary"]}
    return {
        f"{kind}-{n}": movie_factory(slug=f"{kind}-{n}", genres=genres[kind], view_count=n)
        for kind in ("boda", "field")
        for n in (1, 2, 3)
    }


def watch(user: User, *movies: Movie, completed: bool = True) -> None:
    for movie in movies:
        seconds = movie.duration if completed else 700
        WatchHistory.objects.create(
            user=user, movie=movie, progress=seconds, completed=completed, watched_at=timezone.now()
        )


@pytest.fixture
def crowd(shelf: dict[str, Movie], user_factory: Any, run_jobs: RunJobs) -> None:
    """Create people who like either kind, and run the nightly job."""
    for kind in ("boda", "field"):
        for skipped in (1, 2, 3, 3):
            fan = user_factory()
            watch(fan, *(shelf[f"{kind}-{n}"] for n in (1, 2, 3) if n != skipped))
    related_request()
    run_jobs()


def got(api: APIClient, **query: Any) -> list[tuple[str, str | None]]:
    answer = api.get(URL, query)
    assert answer.status_code == 200, answer.content
    rows = answer.json()["results"]
    return [(row["movie"]["slug"], row["because"] and row["because"]["slug"]) for row in rows]


@pytest.mark.usefixtures("crowd")
def test_recommendations_name_the_watched_film(
    shelf: dict[str, Movie], viewer: User, api_as: ApiAs
) -> None:
    watch(viewer, shelf["boda-1"])
    first, second, *rest = got(api_as(viewer))
    assert {first[0], second[0]} == {"boda-2", "boda-3"}
    assert first[1] == second[1] == "boda-1"
    # The rest are popular films, the viewer's genres first.
    assert rest == [("field-3", None), ("field-2", None), ("field-1", None)]


@pytest.mark.usefixtures("crowd")
def test_watched_films_are_not_recommended(
    shelf: dict[str, Movie], viewer: User, api_as: ApiAs
) -> None:
    watch(viewer, shelf["boda-1"], shelf["boda-2"])
    watch(viewer, shelf["field-1"], completed=False)
    assert {slug for slug, _ in got(api_as(viewer))} == {"boda-3", "field-2", "field-3"}


@pytest.mark.usefixtures("crowd")
def test_films_that_cannot_be_watched_are_not_recommended(
    shelf: dict[str, Movie], viewer: User, basic_viewer: User, api_as: ApiAs, settings: Any
) -> None:
    settings.COUNTRY_HEADER = "CF-IPCountry"
    changes: dict[str, dict[str, Any]] = {
        "boda-2": {"access_level": "BASIC"},
        "boda-3": {"published": False},
        "field-1": {"blocked_countries": ["UG"]},
        "field-2": {"age_rating": "18"},
        "field-3": {"licence_ends_at": timezone.now()},
    }
    for slug, change in changes.items():
        Movie.objects.filter(slug=slug).update(**change)
    for user in (viewer, basic_viewer):
        watch(user, shelf["boda-1"])
    in_uganda: dict[str, Any] = {"HTTP_CF_IPCOUNTRY": "UG"}
    free = api_as(viewer).get(URL, **in_uganda).json()["results"]
    assert free == []
    basic = api_as(basic_viewer).get(URL, **in_uganda).json()["results"]
    assert [row["movie"]["slug"] for row in basic] == ["boda-2"]


@pytest.mark.usefixtures("crowd")
def test_disliked_films_lead_to_no_recommendation(
    shelf: dict[str, Movie], viewer: User, api_as: ApiAs
) -> None:
    watch(viewer, shelf["boda-1"])
    Rating.objects.create(user=viewer, movie=shelf["boda-1"], stars=1)
    assert {because for _, because in got(api_as(viewer))} == {None}


@pytest.mark.usefixtures("crowd")
def test_new_viewers_get_popular_films(viewer: User, api_as: ApiAs) -> None:
    rows = got(api_as(viewer), limit=2)
    assert {because for _, because in rows} == {None}
    assert {slug for slug, _ in rows} == {"boda-3", "field-3"}


def test_an_empty_catalogue_has_no_recommendations(
    viewer: User, api_as: ApiAs, run_jobs: RunJobs
) -> None:
    related_request()
    run_jobs()
    assert got(api_as(viewer)) == []


def test_a_series_is_recommended_by_its_first_episode(
    movie_factory: Any, user_factory: Any, viewer: User, api_as: ApiAs, run_jobs: RunJobs
) -> None:
    series = Series.objects.create(title="Kampala Nights", slug="kampala-nights")
    season = Season.objects.create(series=series, number=1)
    first, second = (
        movie_factory(slug=f"night-{n}", kind="EPISODE", season=season, episode_number=n)
        for n in (1, 2)
    )
    film = movie_factory(slug="film")
    for _ in range(3):
        watch(user_factory(), second, film)  # no viewer saw the first episode
    related_request()
    run_jobs()
    watch(viewer, film)
    assert got(api_as(viewer), limit=1) == [(first.slug, "film")]


@pytest.mark.usefixtures("crowd")
def test_a_new_computation_replaces_the_old(shelf: dict[str, Movie], run_jobs: RunJobs) -> None:
    assert RelatedMovie.objects.filter(movie=shelf["field-1"]).exists()
    WatchHistory.objects.filter(movie__slug__startswith="field").delete()
    related_request()
    run_jobs()
    left = set(RelatedMovie.objects.values_list("movie__slug", flat=True))
    assert left == {"boda-1", "boda-2", "boda-3"}


@pytest.mark.usefixtures("crowd")
def test_the_same_queries_for_few_and_many(
    shelf: dict[str, Movie], viewer: User, api_as: ApiAs
) -> None:
    watch(viewer, shelf["boda-1"])
    api = api_as(viewer)
    got(api)
    counts = []
    for limit in (2, 20):
        with CaptureQueriesContext(connection) as queries:
            got(api, limit=limit)
        counts.append(len(queries))
    # The user is cached. Related films, those films, popular films, and genres.
    assert counts == [2, 4]


def test_visitors_sign_in_first(api: APIClient) -> None:
    assert api.get(URL).status_code == 401


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "10" * 9])
def test_invalid_limits(viewer: User, api_as: ApiAs, limit: str) -> None:
    assert api_as(viewer).get(URL, {"limit": limit}).status_code == 400
