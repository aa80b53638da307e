"""“My list”, and the exact number of favourites."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import Favorite, Movie
from catalog.services import favorites
from catalog.services.deletion import movie_delete, movie_remove
from catalog.services.favorites import favorite_add, favorite_remove
from catalog.tests.viewer_actions import erase, pages
from tests.concurrency import at_once, meeting
from tests.factories import MORNING

ApiAs = Callable[[User], APIClient]
URL = "/api/v1/users/favorites"

pytestmark = pytest.mark.django_db


@pytest.fixture
def movie(movie_factory: Any) -> Movie:
    created: Movie = movie_factory(slug="seven-hills")
    return created


def count(movie: Movie) -> int:
    movie.refresh_from_db()
    return movie.favorite_count


def test_adding_and_removing_twice_counts_once(viewer: User, movie: Movie, api_as: ApiAs) -> None:
    own = api_as(viewer)
    answers = [own.post(f"{URL}/{name}") for name in ("seven-hills", movie.pk)]
    assert [answer.status_code for answer in answers] == [201, 200]
    expected = {"movieId": str(movie.pk), "favorite": True, "favoriteCount": 1}
    assert [answer.json() for answer in answers] == [expected, expected]
    (card,) = own.get(URL).json()["results"]
    assert (card["slug"], card["id"]) == ("seven-hills", str(movie.pk))
    assert [own.delete(f"{URL}/seven-hills").status_code for _ in range(2)] == [204, 204]
    assert (count(movie), own.get(URL).json()["results"]) == (0, [])


def test_a_list_is_its_owners_alone(
    viewer: User, stranger: User, movie: Movie, api: APIClient, api_as: ApiAs
) -> None:
    api_as(viewer).post(f"{URL}/seven-hills")
    other = api_as(stranger)
    assert other.get(URL).json()["results"] == []
    assert other.delete(f"{URL}/seven-hills").status_code == 204
    for call in (api.get(URL), api.post(f"{URL}/seven-hills"), api.delete(f"{URL}/seven-hills")):
        assert call.status_code == 401
    assert count(movie) == Favorite.objects.count() == 1


def test_unknown_and_unpublished_films(
    viewer: User, movie: Movie, movie_factory: Any, api_as: ApiAs
) -> None:
    own, draft = api_as(viewer), movie_factory.draft()
    for name in ("nothing", viewer.pk, draft.slug):
        assert own.post(f"{URL}/{name}").status_code == 404
        assert own.delete(f"{URL}/{name}").status_code == 404
    own.post(f"{URL}/seven-hills")
    Movie.objects.update(published=False)
    assert own.get(URL).json()["results"] == []
    assert own.delete(f"{URL}/seven-hills").status_code == 204  # their own row may be removed
    assert own.delete(f"{URL}/seven-hills").status_code == 404
    assert (count(movie), Favorite.objects.count()) == (0, 0)


def test_a_banned_person_adds_nothing(viewer: User, movie: Movie, api_as: ApiAs) -> None:
    own = api_as(viewer)
    assert own.get(URL).status_code == 200  # the user is cached
    User.objects.update(is_banned=True)
    assert own.post(f"{URL}/seven-hills").json()["code"] == "banned"
    assert (count(movie), Favorite.objects.count()) == (0, 0)


def test_the_list_scrolls_latest_first(
    viewer: User, movie_factory: Any, api_as: ApiAs, time_machine: Any
) -> None:
    movies = movie_factory.create_batch(5)
    for movie in movies:
        favorite_add(movie, user_id=viewer.pk, now=MORNING)
    listed = [card["id"] for card in pages(api_as(viewer), f"{URL}?limit=2")]
    assert sorted(listed) == sorted(str(movie.pk) for movie in movies)


@pytest.mark.parametrize("query", ["limit=0", "limit=1000000000", "cursor=x", "cursor=%00"])
def test_invalid_queries(viewer: User, api_as: ApiAs, query: str) -> None:
    assert api_as(viewer).get(f"{URL}?{query}").status_code == 400


def test_the_list_costs_the_same_at_2_and_at_20(
    viewer: User, movie_factory: Any, category_factory: Any, api_as: ApiAs,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    own = api_as(viewer)
    own.get(URL)
    for rows in (2, 18):
        for movie in movie_factory.create_batch(rows, category=category_factory()):
            favorite_add(movie, user_id=viewer.pk, now=MORNING)
        with django_assert_num_queries(2):  # the rows, and cards that are not cached
            assert len(own.get(URL).json()["results"]) in {2, 20}


def test_too_many_presses_are_throttled(
    viewer: User, movie: Movie, api_as: ApiAs, settings: Any, fresh_window: None
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "keeping": "2/60"}
    own = api_as(viewer)
    own.post(f"{URL}/seven-hills")
    own.delete(f"{URL}/seven-hills")
    refused = own.post(f"{URL}/seven-hills")
    assert (refused.status_code, "Retry-After" in refused, count(movie)) == (429, True, 0)


# ── The number is exact ─────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_concurrent_favorites(user_factory: Any, movie: Movie) -> None:
    def press(user: User) -> None:
        favorite_add(movie, user_id=user.pk, now=MORNING)
        favorite_remove(movie, user_id=user.pk)
        favorite_add(movie, user_id=user.pk, now=MORNING)

    at_once(press, user_factory.create_batch(10) * 2, threads=6)
    assert count(movie) == Favorite.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_count_is_wrong(
    user_factory: Any, movie: Movie, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two requests add the film; each reads the number before the other has written it."""

    def read_then_write(rows: Any, column: str, change: int) -> None:
        known = rows.get()
        save(known, column, getattr(known, column) + change)

    class Late:
        def write(self, known: Movie, column: str, value: int) -> None:
            Movie.objects.filter(pk=known.pk).update(**{column: value})

    late = Late()

    def save(known: Movie, column: str, value: int) -> None:
        late.write(known, column, value)

    monkeypatch.setattr(favorites, "movie_lock", lambda *_a, **_k: None)
    monkeypatch.setattr(favorites, "count_add", read_then_write)
    with meeting(monkeypatch, late, "write"):
        at_once(
            lambda user: favorite_add(movie, user_id=user.pk, now=MORNING),
            user_factory.create_batch(2),
            threads=2,
        )
    assert (count(movie), Favorite.objects.count()) == (1, 2)


def test_a_stale_form_does_not_restore_an_old_count(viewer: User, movie: Movie) -> None:
    opened = Movie.objects.get(pk=movie.pk)
    favorite_add(movie, user_id=viewer.pk, now=MORNING)
    opened.title = "Eight Hills"
    opened.save()
    assert (count(movie), movie.title) == (1, "Eight Hills")


def test_an_erasure_corrects_the_count(
    viewer: User, stranger: User, movie: Movie, run_jobs: Callable[[], int]
) -> None:
    for person in (viewer, stranger):
        favorite_add(movie, user_id=person.pk, now=MORNING)
    erase(viewer, run_jobs)
    assert count(movie) == Favorite.objects.count() == 1


def test_a_deleted_film_keeps_its_favorites(viewer: User, movie: Movie) -> None:
    favorite_add(movie, user_id=viewer.pk, now=MORNING)
    movie_delete(movie, now=MORNING)
    assert Favorite.objects.exists()  # a restored film is on the lists it was on
    assert movie_remove(movie.pk)
    assert not Favorite.objects.exists()
