"""Ratings and reviews: permissions, and the mean."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import AuditLog, User
from catalog.models import Movie, Rating
from catalog.services import ratings
from catalog.services.films import movie_create
from catalog.services.ratings import rating_remove, rating_set
from catalog.tests.viewer_actions import erase, pages
from tests.concurrency import at_once, meeting

ApiAs = Callable[[User], APIClient]
SiteAs = Callable[[User], Client]
URL = "/api/v1/movies/seven-hills/rate"
REVIEWS = "/api/v1/movies/seven-hills/reviews"

pytestmark = pytest.mark.django_db


@pytest.fixture
def movie(movie_factory: Any) -> Movie:
    created: Movie = movie_factory(slug="seven-hills")
    return created


def figures(movie: Movie) -> tuple[float, int, int]:
    movie.refresh_from_db()
    return float(movie.rating), movie.rating_count, movie.rating_sum


def test_a_second_rating_replaces_the_first(
    viewer: User, stranger: User, movie: Movie, api_as: ApiAs
) -> None:
    own, other = api_as(viewer), api_as(stranger)
    first = own.post(URL, {"rating": 5, "review": " Webale <b>nyo</b> 🎬 "})
    assert (first.status_code, first.json()) == (
        200,
        {
            "rating": 5,
            "review": "Webale <b>nyo</b> 🎬",
            "movie": {"rating": 5.0, "ratingCount": 1},
        },
    )
    assert other.post(URL, {"rating": 2}).json()["movie"] == {"rating": 3.5, "ratingCount": 2}
    again = own.post(URL, {"rating": 4}).json()
    assert (again["review"], again["movie"]["rating"]) == ("Webale <b>nyo</b> 🎬", 3.0)
    assert own.post(URL, {"rating": 4, "review": ""}).json()["review"] == ""
    assert figures(movie) == (3.0, 2, 6)
    assert Rating.objects.count() == 2


def test_a_rating_is_removed(viewer: User, stranger: User, movie: Movie, api_as: ApiAs) -> None:
    rating_set(movie, user_id=stranger.pk, stars=1)
    own = api_as(viewer)
    own.post(URL, {"rating": 5})
    assert [own.delete(URL).status_code for _ in range(2)] == [204, 204]
    assert figures(movie) == (1.0, 1, 1)
    rating_remove(movie, user_id=stranger.pk)
    assert figures(movie) == (0.0, 0, 0)


@pytest.mark.parametrize(
    "body",
    [
        {}, {"rating": 0}, {"rating": 6}, {"rating": 4.5}, {"rating": None}, {"rating": 10**30},
        {"rating": "x"}, {"rating": [5]}, {"rating": 5, "review": "x" * 2001},
        {"rating": 5, "review": "a\0b"}, {"rating": 5, "review": "\u200b\u200d \ufeff\u3164"},
        {"rating": 5, "review": 2**21 * "x"},
    ],
)  # fmt: skip
def test_invalid_ratings(viewer: User, movie: Movie, api_as: ApiAs, body: Any) -> None:
    assert api_as(viewer).post(URL, body).status_code in {400, 413}
    assert (figures(movie), Rating.objects.count()) == ((0.0, 0, 0), 0)


def test_half_a_character_is_refused(viewer: User, movie: Movie, api_as: ApiAs) -> None:
    raw = b'{"rating": 5, "review": "\\ud800"}'
    assert api_as(viewer).post(URL, raw, content_type="application/json").status_code == 400
    assert not Rating.objects.exists()


def test_visitors_the_banned_and_missing_films(
    viewer: User, movie: Movie, movie_factory: Any, api: APIClient, api_as: ApiAs
) -> None:
    own, draft = api_as(viewer), movie_factory.draft()
    assert (api.post(URL, {"rating": 5}).status_code, api.delete(URL).status_code) == (401, 401)
    for name in (draft.slug, "nothing", viewer.pk):
        assert own.post(f"/api/v1/movies/{name}/rate", {"rating": 5}).status_code == 404
        assert own.delete(f"/api/v1/movies/{name}/rate").status_code == 404
    User.objects.update(is_banned=True)
    assert own.post(URL, {"rating": 5}).json()["code"] == "banned"
    assert (figures(movie), Rating.objects.count()) == ((0.0, 0, 0), 0)


def test_imported_stars_still_count(viewer: User, api_as: ApiAs) -> None:
    movie = movie_create(title="Seven Hills", rating="4.30", rating_count=218)
    Movie.objects.update(published=True, published_at="2026-11-01T00:00Z")
    own = api_as(viewer)
    assert own.post(URL, {"rating": 1}).json()["movie"] == {"rating": 4.28, "ratingCount": 219}
    own.delete(URL)
    assert figures(movie) == (4.3, 218, 937)


# ── Reading ─────────────────────────────────────────────────────────────────────────────


def test_reviews_are_public(viewer: User, stranger: User, movie: Movie, api: APIClient) -> None:
    written = rating_set(movie, user_id=viewer.pk, stars=4, review="<script>alert(1)</script>")
    rating_set(movie, user_id=stranger.pk, stars=1)
    answer = api.get(REVIEWS)
    (review,) = answer.json()["results"]
    assert review["author"] == {"id": str(viewer.pk), "name": "Aisha"}
    assert (review["id"], review["rating"]) == (str(written.pk), 4)
    assert answer["Content-Type"] == "application/json"
    assert api.get(REVIEWS, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert api.get("/api/v1/movies/nothing/reviews").status_code == 404


def test_own_ratings_are_listed(
    viewer: User, stranger: User, movie: Movie, movie_factory: Any, api: APIClient, api_as: ApiAs
) -> None:
    rating_set(movie, user_id=stranger.pk, stars=1)
    for other in movie_factory.create_batch(3):
        rating_set(other, user_id=viewer.pk, stars=3)
    listed = pages(api_as(viewer), "/api/v1/users/ratings?limit=2")
    assert [row["rating"] for row in listed] == [3, 3, 3]
    assert api.get("/api/v1/users/ratings").status_code == 401


def test_the_lists_cost_the_same_at_2_and_at_20(
    viewer: User, movie: Movie, movie_factory: Any, user_factory: Any, api: APIClient,
    api_as: ApiAs, django_assert_num_queries: Any,
) -> None:  # fmt: skip
    own = api_as(viewer)
    own.get("/api/v1/users/ratings")
    for rows in (2, 18):
        for person, other in zip(
            user_factory.create_batch(rows), movie_factory.create_batch(rows), strict=True
        ):
            rating_set(movie, user_id=person.pk, stars=5, review="Good")
            rating_set(other, user_id=viewer.pk, stars=5)
        with django_assert_num_queries(2):  # the film, its reviews
            assert len(api.get(REVIEWS).json()["results"]) in {2, 20}
        with django_assert_num_queries(1):
            assert len(own.get("/api/v1/users/ratings").json()["results"]) in {2, 20}


# ── Moderators ──────────────────────────────────────────────────────────────────────────


def test_the_stars_of_a_hidden_review_still_count(
    viewer: User, moderator: User, movie: Movie, api: APIClient, api_as: ApiAs
) -> None:
    rating = rating_set(movie, user_id=viewer.pk, stars=5, review="Buy my soap")
    url, own, staff = f"/api/v1/admin/ratings/{rating.pk}", api_as(viewer), api_as(moderator)
    assert own.post(f"{url}/hide", {"reason": "x"}).status_code == 403
    assert not AuditLog.objects.exists()
    assert staff.post(f"{url}/hide", {"reason": "Spam"}).json()["hiddenReason"] == "Spam"
    assert staff.post(f"{url}/hide", {"reason": "Spam"}).json()["code"] == "hidden"
    own.post(URL, {"rating": 4, "review": "Buy my very good soap"})
    assert api.get(REVIEWS).json()["results"] == []
    assert figures(movie) == (4.0, 1, 4)
    (own,) = own.get("/api/v1/users/ratings").json()["results"]
    assert own["hidden"] is True
    assert staff.post(f"{url}/restore").json()["hidden"] is False
    assert staff.post(f"{url}/restore").json()["code"] == "not_hidden"
    assert staff.post(f"/api/v1/admin/ratings/{viewer.pk}/restore").status_code == 404
    assert len(api.get(REVIEWS).json()["results"]) == 1
    actions = AuditLog.objects.order_by("created_at").values_list("action", flat=True)
    assert list(actions) == ["rating.hide", "rating.restore"]


def test_moderators_hide_and_restore_reviews(
    viewer: User, moderator: User, movie: Movie, site_as: SiteAs
) -> None:
    rating = rating_set(movie, user_id=viewer.pk, stars=5, review="Buy my soap")
    staff_api, page = site_as(moderator), "/admin/catalog/rating/"
    assert "Buy my soap" in staff_api.get(page).content.decode()
    for action, hidden in (("hide", True), ("hide", True), ("restore", False)):
        staff_api.post(page, {"action": action, "_selected_action": str(rating.pk)})
        rating.refresh_from_db()
        assert rating.hidden is hidden


# ── The mean is right ───────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_concurrent_ratings_of_one_person(user_factory: Any, movie: Movie) -> None:
    people = user_factory.create_batch(4)

    def rate(turn: int) -> None:
        rating_set(movie, user_id=people[turn % 4].pk, stars=turn % 5 + 1)

    at_once(rate, range(24), threads=6)
    stars = list(Rating.objects.values_list("stars", flat=True))
    assert figures(movie) == (round(sum(stars) / 4, 2), 4, sum(stars))


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_sum_is_wrong(
    viewer: User, movie: Movie, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two requests change one rating; each subtracts the old stars."""
    rating_set(movie, user_id=viewer.pk, stars=1)
    monkeypatch.setattr(ratings, "movie_lock", lambda *_a, **_k: None)
    with meeting(monkeypatch, Rating, "save"):
        at_once(lambda n: rating_set(movie, user_id=viewer.pk, stars=n), (4, 5), threads=2)
    assert figures(movie)[2] == 1 + 3 + 4
    assert Rating.objects.get().stars in {4, 5}


def test_an_erasure_removes_stars(
    viewer: User, stranger: User, movie: Movie, run_jobs: Callable[[], int]
) -> None:
    rating_set(movie, user_id=viewer.pk, stars=1, review="My number is 0772")
    rating_set(movie, user_id=stranger.pk, stars=4)
    erase(viewer, run_jobs)
    assert figures(movie) == (4.0, 1, 4)
    assert "0772" not in str(Rating.objects.values_list())
