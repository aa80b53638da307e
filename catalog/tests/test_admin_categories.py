"""API of staff for categories, people and series."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import AuditLog, User
from catalog.models import Category, FormerSlug, Movie, Person, Season, Series
from catalog.services import credits as credit_services
from catalog.services.episodes import episode_assign
from catalog.services.films import movie_create
from catalog.services.series import season_create, series_create
from catalog.tests.admin_client import AdminClient
from tests.concurrency import at_once

ApiAs = Callable[[User], APIClient]

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_api(admin: User, api_as: ApiAs) -> AdminClient:
    return AdminClient(api_as(admin))


def test_a_category_is_deleted_without_its_films(
    staff_api: AdminClient, movie_factory: Any
) -> None:
    made = staff_api.post("categories", {"name": "Drama", "description": "Families", "order": 3})
    assert (made["slug"], made["order"], made["active"]) == ("drama", 3, True)
    movie = movie_factory(category_id=made["id"])
    url = f"categories/{made['id']}"
    answer = staff_api.put(url, {"name": "Dramas", "active": False})
    assert (answer["slug"], answer["movieCount"], answer["active"]) == ("drama", 1, False)
    assert staff_api.put(url, {"slug": "dramas"})["slug"] == "dramas"
    assert FormerSlug.objects.get().slug == "drama"
    fault = staff_api.post("categories", {"name": "DRAMAS"})
    assert fault["slug"] == "dramas-2"  # names differ in case only
    assert "name" in staff_api.post("categories", {"name": "Dramas"}, status=400)["fields"]
    staff_api.delete(url)
    movie.refresh_from_db()
    assert movie.category is None
    assert not FormerSlug.objects.exists()
    staff_api.delete(url, status=404)
    noted = AuditLog.objects.filter(action="category.delete").get()
    assert noted.old_values == {"name": "Dramas", "films": 1, "series": 0}


def test_series_seasons_and_episodes(staff_api: AdminClient, movie_factory: Any) -> None:
    series = staff_api.post("series", {"title": "Kampala Nights", "genres": ["Drama"]})
    url = f"series/{series['id']}"
    for number in (1, 2):
        series = staff_api.post(f"{url}/seasons", {})
        assert series["seasons"][-1]["number"] == number
    assert "number" in staff_api.post(f"{url}/seasons", {"number": 2}, status=400)["fields"]
    first, second = (season["id"] for season in series["seasons"])
    one, two, three = (movie_factory(title=f"Episode {n}") for n in (1, 2, 3))
    for movie in (one, two, three):
        series = staff_api.post(f"seasons/{first}/episodes", {"movieId": str(movie.pk)}, status=200)
    assert [row["episode"] for row in series["seasons"][0]["episodes"]] == [1, 2, 3]
    place = staff_api.get(f"movies/{three.pk}")["episodeOf"]
    assert (place["seriesTitle"], place["season"], place["episode"]) == ("Kampala Nights", 1, 3)
    taken = {"movieId": str(three.pk), "number": 1}
    answer = staff_api.post(f"seasons/{first}/episodes", taken, status=409)
    assert answer["code"] == "episode_taken"
    assert "Episode 1" in answer["message"]
    order = {"movieIds": [str(three.pk), str(one.pk), str(two.pk)]}
    series = staff_api.put(f"seasons/{first}/episodes", order)
    titles = [row["title"] for row in series["seasons"][0]["episodes"]]
    assert titles == ["Episode 3", "Episode 1", "Episode 2"]
    for bad in ([str(one.pk)], [str(one.pk)] * 3, [str(uuid4())] * 3):
        staff_api.put(f"seasons/{first}/episodes", {"movieIds": bad}, status=400)
    staff_api.post(f"seasons/{second}/episodes", {"movieId": str(one.pk), "number": 7}, status=200)
    assert staff_api.delete(f"seasons/{first}", status=409)["code"] == "has_episodes"
    assert staff_api.delete(url, status=409)["code"] == "has_episodes"
    staff_api.delete(f"seasons/{second}/episodes/{two.pk}", status=404)
    staff_api.delete(f"seasons/{second}/episodes/{one.pk}")
    one.refresh_from_db()
    assert (one.kind, one.season, one.episode_number) == ("FILM", None, None)
    staff_api.delete(f"seasons/{second}")
    for movie in (two, three):
        staff_api.put(f"movies/{movie.pk}", {"kind": "SHORT"})
    staff_api.delete(url)
    assert Movie.objects.count() == 3
    assert not Season.objects.exists()


def test_a_film_is_created_with_its_position(staff_api: AdminClient) -> None:
    series = series_create(title="Kampala Nights")
    season, other = season_create(series), season_create(series)
    made = staff_api.post("movies", {"title": "Pilot", "seasonId": str(season.pk)})
    assert (made["kind"], made["episodeOf"]["episode"]) == ("EPISODE", 1)
    url = f"movies/{made['id']}"
    assert staff_api.put(url, {"episodeNumber": 4})["episodeOf"]["episode"] == 4
    moved = staff_api.put(url, {"seasonId": str(other.pk)})["episodeOf"]
    assert (moved["season"], moved["episode"]) == (2, 1)
    staff_api.put(url, {"kind": "FILM", "seasonId": str(other.pk)}, status=400)
    assert staff_api.put(url, {"seasonId": None, "kind": "SHORT"})["episodeOf"] is None


def test_series_are_renamed_published_and_hidden(staff_api: AdminClient) -> None:
    made = staff_api.post("series", {"title": "Nights", "published": True, "slug": "the-nights"})
    assert (made["slug"], made["published"]) == ("the-nights", True)
    url = f"series/{made['id']}"
    assert staff_api.put(url, {"title": "Kampala Nights"})["slug"] == "kampala-nights"
    assert FormerSlug.objects.filter(kind="SERIES", slug="the-nights").exists()
    again = staff_api.put(url, {"published": False})
    assert (again["published"], again["publishedAt"]) == (False, made["publishedAt"])
    assert staff_api.get("series?search=KAMPALA")["count"] == 1
    for body in ({"year": 3}, {"title": ""}, {"categoryId": str(uuid4())}, {"slug": "Ä"}):
        staff_api.put(url, body, status=400)


def test_lists_and_pages_cost_the_same_at_2_and_at_20(
    staff_api: AdminClient,
    movie_factory: Any,
    category_factory: Any,
    django_assert_num_queries: Any,
) -> None:
    series = series_create(title="Nights")
    season = season_create(series)
    staff_api.get("series")
    for rows in (2, 18):
        category = category_factory()
        for movie in movie_factory.create_batch(rows, category=category):
            episode_assign(movie, season=season)
            Person.objects.create(name=movie.title, slug=movie.slug)
            Series.objects.create(title=movie.title, slug=movie.slug, category=category)
            category_factory()
        for page in ("series", "people", "categories"):
            with django_assert_num_queries(2):  # the count, the page
                staff_api.get(f"{page}?limit=100")
        with django_assert_num_queries(3):  # the series, its seasons, their episodes
            staff_api.get(f"series/{series.pk}")


# ── Two at once ─────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_concurrent_requests_create_one_person_for_a_name() -> None:
    at_once(
        lambda n: movie_create(title=f"Film {n}", cast=["Aisha", "Joel"], director="Joel"), range(4)
    )
    assert sorted(Person.objects.values_list("name", flat=True)) == ["Aisha", "Joel"]
    assert {tuple(movie.cast) for movie in Movie.objects.all()} == {("Aisha", "Joel")}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_there_are_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: all requests have searched before one of them creates the person."""
    from threading import Barrier

    looked, look_up = Barrier(4), credit_services._look_up

    def slow(keys: Any) -> Any:
        found = look_up(keys)
        looked.wait(timeout=60)
        return found

    monkeypatch.setattr(credit_services, "_look_up", slow)
    monkeypatch.setattr(credit_services, "NAMES_LOCK_SQL", "SELECT %s")
    at_once(lambda n: movie_create(title=f"Film {n}", cast=["Aisha"]), range(4))
    assert Person.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_concurrent_episodes_get_different_numbers() -> None:
    season = season_create(series_create(title="Nights"))
    movies = [movie_create(title=f"Film {n}") for n in range(4)]
    placed = at_once(lambda n: episode_assign(movies[n], season=season).episode_number, range(4))
    assert sorted(placed) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_concurrent_categories_of_one_name(admin: User, api_as: ApiAs) -> None:
    clients = [api_as(admin) for _ in range(4)]

    def make(n: int) -> int:
        return clients[n].post("/api/v1/admin/categories", {"name": "Drama"}).status_code

    assert sorted(at_once(make, range(4))) == [201, 400, 400, 400]
    assert Category.objects.count() == 1
