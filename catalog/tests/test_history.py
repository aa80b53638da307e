"""Watch history, and “continue watching” through a series."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import Movie, MovieKind, Season, Series, WatchHistory
from catalog.services.progress import watch_progress
from catalog.tests.viewer_actions import pages
from tests.factories import MORNING

ApiAs = Callable[[User], APIClient]
SiteAs = Callable[[User], Client]
URL = "/api/v1/users/history"
GOING_ON = f"{URL}?unfinished=true"

pytestmark = [pytest.mark.django_db, pytest.mark.both_ways]


def watch(user: User, movie: Movie, seconds: int, *, at: datetime = MORNING) -> None:
    watch_progress(user.pk, movie, progress_seconds=seconds, now=at)


def listed(client: APIClient, url: str = URL) -> list[tuple[str, int, bool]]:
    return [(row["movie"]["slug"], row["progress"], row["completed"]) for row in pages(client, url)]


# ── The list ────────────────────────────────────────────────────────────────────────────


def test_latest_first_and_page_by_page(
    viewer: User, stranger: User, movie_factory: Any, api_as: ApiAs
) -> None:
    for n in range(5):
        movie = movie_factory(slug=f"m{n}")
        watch(viewer, movie, 6000 if n == 1 else n * 100, at=MORNING + timedelta(hours=n // 2))
        watch(stranger, movie, 50)
    rows = listed(api_as(viewer), f"{URL}?limit=2")
    assert sorted(rows) == [
        ("m0", 0, False), ("m1", 6000, True), ("m2", 200, False), ("m3", 300, False),
        ("m4", 400, False),
    ]  # fmt: skip
    assert rows[0] == ("m4", 400, False)
    continue_watching_rows = listed(api_as(viewer), f"{GOING_ON}&limit=1")
    assert continue_watching_rows[0][0] == "m4"
    assert {slug for slug, _, _ in continue_watching_rows} == {"m2", "m3", "m4"}


def test_an_unpublished_film_leaves_the_list_and_returns(
    viewer: User, movie_factory: Any, api_as: ApiAs
) -> None:
    watch(viewer, movie_factory(slug="a"), 10)
    own = api_as(viewer)
    Movie.objects.update(playable=False)
    assert (listed(own), listed(own, GOING_ON)) == ([("a", 10, False)], [])
    Movie.objects.update(published=False)
    assert listed(own) == []
    Movie.objects.update(published=True, playable=True)
    assert listed(own, GOING_ON) == [("a", 10, False)]


def test_one_film_and_all_are_removed(
    viewer: User, stranger: User, movie_factory: Any, api: APIClient, api_as: ApiAs
) -> None:
    movies = [movie_factory(slug=slug) for slug in "abc"]
    for movie in movies:
        watch(viewer, movie, 10)
        watch(stranger, movie, 10)
    own = api_as(viewer)
    assert [own.delete(f"{URL}/a").status_code for _ in range(2)] == [204, 204]
    assert own.delete(f"{URL}/nothing").status_code == 404
    assert {slug for slug, _, _ in listed(own)} == {"b", "c"}
    Movie.objects.filter(slug="b").update(published=False)
    assert [own.delete(f"{URL}/b").status_code for _ in range(2)] == [204, 404]
    for call in (api.get(URL), api.delete(URL), api.delete(f"{URL}/a")):
        assert call.status_code == 401
    assert own.delete(URL).status_code == 204
    assert listed(own) == []
    assert WatchHistory.objects.filter(user=stranger).count() == 3


@pytest.mark.parametrize("query", ["unfinished=1", "unfinished=", "limit=0", "cursor=x"])
def test_invalid_queries(viewer: User, api_as: ApiAs, query: str) -> None:
    assert api_as(viewer).get(f"{URL}?{query}").status_code == 400


# ── Series ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def episodes(movie_factory: Any) -> dict[str, Movie]:
    """`s1e1` to `s2e2`, and a special `s0e1`."""
    series = Series.objects.create(
        title="Hills", slug="hills", published=True, published_at=MORNING
    )
    made = {}
    for number in range(3):
        season = Season.objects.create(series=series, number=number)
        for episode in (1, 2):
            slug = f"s{number}e{episode}"
            made[slug] = movie_factory(
                slug=slug, kind=MovieKind.EPISODE, season=season, episode_number=episode
            )
    return made


def finish(user: User, movie: Movie, *, minute: int = 0) -> None:
    watch(user, movie, movie.duration, at=MORNING + timedelta(minutes=minute))


def test_a_finished_episode_is_replaced_by_the_next(
    viewer: User, episodes: dict[str, Movie], api_as: ApiAs, site_as: SiteAs
) -> None:
    own = api_as(viewer)
    finish(viewer, episodes["s1e1"])
    (row,) = own.get(GOING_ON).json()["results"]
    assert (row["movie"]["slug"], row["progress"], row["completed"]) == ("s1e2", 0, False)
    assert row["watchedMovieId"] == str(episodes["s1e1"].pk)
    page = site_as(viewer).get("/").content.decode()
    assert "/movies/s1e2" in page
    assert "Next episode" in page
    assert listed(own) == [("s1e1", 6000, True)]  # the history is what happened


@pytest.mark.parametrize(
    ("watched", "off", "offered"),
    [
        ("s1e2", [], ["s2e1"]),
        ("s2e2", [], []),
        ("s0e1", [], ["s0e2"]),
        ("s0e2", [], []),
        ("s1e1", ["s1e2"], ["s2e1"]),
        ("s1e1", ["s1e2", "s2e1", "s2e2"], []),
    ],
)
@pytest.mark.parametrize("how", ["published", "playable"])
def test_which_is_next(
    viewer: User, episodes: dict[str, Movie], api_as: ApiAs, watched: str, off: list[str],
    offered: list[str], how: str,
) -> None:  # fmt: skip
    Movie.objects.filter(slug__in=off).update(**{how: False})
    finish(viewer, episodes[watched])
    assert [slug for slug, _, _ in listed(api_as(viewer), GOING_ON)] == offered


def test_a_series_is_listed_once_at_its_latest_episode(
    viewer: User, episodes: dict[str, Movie], movie_factory: Any, api_as: ApiAs
) -> None:
    own = api_as(viewer)
    watch(viewer, episodes["s2e1"], 100, at=MORNING)
    finish(viewer, episodes["s1e1"], minute=1)
    watch(viewer, movie_factory(slug="other"), 10, at=MORNING + timedelta(minutes=2))
    assert listed(own, GOING_ON) == [("other", 10, False), ("s1e2", 0, False)]
    watch(viewer, episodes["s1e2"], 300, at=MORNING + timedelta(minutes=3))
    assert listed(own, GOING_ON) == [("s1e2", 300, False), ("other", 10, False)]
    finish(viewer, episodes["s1e2"], minute=4)
    assert listed(own, GOING_ON)[0] == ("s2e1", 0, False)
    own.delete(f"{URL}/s1e2")
    assert listed(own, GOING_ON)[1] == ("s1e2", 0, False)


def test_an_unpublished_episode_does_not_hide_its_series(
    viewer: User, episodes: dict[str, Movie], api_as: ApiAs
) -> None:
    finish(viewer, episodes["s1e1"])
    finish(viewer, episodes["s2e1"], minute=1)
    Movie.objects.filter(slug="s2e1").update(published=False)
    assert listed(api_as(viewer), GOING_ON) == [("s1e2", 0, False)]


def test_films_that_cannot_be_watched_are_not_listed(
    viewer: User, episodes: dict[str, Movie], movie_factory: Any, api_as: ApiAs, settings: Any
) -> None:
    settings.COUNTRY_HEADER = "CF-IPCountry"
    watch(viewer, movie_factory(slug="abroad", blocked_countries=["UG"]), 10)
    watch(viewer, movie_factory(slug="over", licence_ends_at=MORNING), 10)
    finish(viewer, episodes["s1e1"])
    Movie.objects.filter(slug="s1e2").update(allowed_countries=["KE"])
    own = api_as(viewer)
    found = own.get(GOING_ON, headers={"CF-IPCountry": "UG"}).json()["results"]
    assert [row["movie"]["slug"] for row in found] == ["s2e1"]


def _many(viewer: User, movie_factory: Any, *, finished: int, begun: int) -> None:
    """Insert hundreds of rows in bulk, finished ones later than unfinished ones."""
    made = [movie_factory(slug=f"m{n}") for n in range(finished + begun)]
    WatchHistory.objects.bulk_create(
        WatchHistory(
            user=viewer, movie=movie, progress=60, completed=n < finished,
            watched_at=MORNING - timedelta(minutes=n),
        )
        for n, movie in enumerate(made)
    )  # fmt: skip


def test_unfinished_films_are_found_behind_many_finished_ones(
    viewer: User, movie_factory: Any, api_as: ApiAs
) -> None:
    _many(viewer, movie_factory, finished=195, begun=9)
    slugs = [slug for slug, _, _ in listed(api_as(viewer), f"{GOING_ON}&limit=2")]
    assert slugs == [f"m{n}" for n in range(195, 200)]  # the limit leaves out older rows


def test_pages_forwards_and_backwards(viewer: User, movie_factory: Any, api_as: ApiAs) -> None:
    _many(viewer, movie_factory, finished=0, begun=5)
    own = api_as(viewer)
    whole = [slug for slug, _, _ in listed(own, GOING_ON)]
    first = own.get(f"{GOING_ON}&limit=2").json()
    second = own.get(first["next"]).json()
    back = own.get(second["previous"]).json()
    third = own.get(second["next"]).json()
    shown = [[row["movie"]["slug"] for row in page["results"]] for page in (first, second, third)]
    assert [*shown[0], *shown[1], *shown[2]] == whole
    assert back["results"] == first["results"]
    assert (first["previous"], back["previous"], third["next"]) == (None, None, None)
    other_list = first["next"].replace("unfinished=true", "unfinished=false")
    assert own.get(other_list).status_code == 400


def test_the_lists_cost_the_same_at_2_and_at_20(
    viewer: User, movie_factory: Any, category_factory: Any, api_as: ApiAs,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    own = api_as(viewer)
    own.get(URL)
    for rows in (2, 18):
        for n in range(rows):
            series = Series.objects.create(title="S", slug=f"s-{rows}-{n}")
            season = Season.objects.create(series=series, number=1)
            first, _ = (
                movie_factory(
                    kind=MovieKind.EPISODE, season=season, episode_number=number,
                    category=category_factory(),
                )
                for number in (1, 2)
            )  # fmt: skip
            finish(viewer, first)
        with django_assert_num_queries(2):  # the rows, and cards that are not cached
            assert len(own.get(URL).json()["results"]) in {2, 20}
        with django_assert_num_queries(4):  # the rows; uncached films, episodes, cards
            assert len(own.get(GOING_ON).json()["results"]) in {2, 20}
