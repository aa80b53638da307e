"""Shares of films, and how often they count."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import Movie
from catalog.services.shares import Sharer, movie_share
from tests.concurrency import at_once

ApiAs = Callable[[User], APIClient]
URL = "/api/v1/movies/seven-hills/share"

pytestmark = pytest.mark.django_db


@pytest.fixture
def movie(movie_factory: Any) -> Movie:
    created: Movie = movie_factory(slug="seven-hills")
    return created


def count(movie: Movie) -> int:
    movie.refresh_from_db()
    return movie.share_count


@pytest.mark.usefixtures("fresh_window")
def test_a_client_counts_once_an_hour(
    viewer: User, movie: Movie, api: APIClient, api_as: ApiAs, settings: Any, time_machine: Any
) -> None:
    answers = [api.post(URL, {"channel": "WHATSAPP"}) for _ in range(3)]
    expected = {"shareCount": 1, "url": f"{settings.FRONTEND_URL}/movies/seven-hills"}
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, expected)] * 3
    assert api_as(viewer).post(URL).json()["shareCount"] == 2
    assert api.post(URL, headers={"User-Agent": "Another"}).json()["shareCount"] == 2
    app = {"X-Device-Token": api.post("/api/v1/auth/client").json()["deviceToken"]}
    assert [api.post(URL, headers=app).json()["shareCount"] for _ in range(2)] == [3, 3]
    assert count(movie) == 3


@pytest.mark.usefixtures("fresh_window")
def test_another_hour_counts_again(movie: Movie) -> None:
    sharer = Sharer(key="a", address="10.0.0.1")
    for moment in (3600.0, 3601.0, 7200.0):
        movie_share(movie, by=sharer, channel="LINK", now=moment)
    assert count(movie) == 2


@pytest.mark.usefixtures("fresh_window")
def test_many_clients_behind_one_address_are_limited(
    movie: Movie, api: APIClient, settings: Any
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "share_address": "3/3600"}
    for n in range(6):
        assert api.post(URL, headers={"X-Device-Id": f"device-{n}"}).status_code == 200
    assert count(movie) == 1
    for _ in range(6):
        app = {"X-Device-Token": api.post("/api/v1/auth/client").json()["deviceToken"]}
        assert api.post(URL, headers=app).status_code == 200
    assert count(movie) == 3


@pytest.mark.usefixtures("fresh_window")
def test_films_that_cannot_be_shared(
    movie: Movie, movie_factory: Any, api: APIClient, settings: Any
) -> None:
    assert api.post(URL, {"channel": "PIGEON"}).status_code == 400
    assert api.post(URL, {"channel": ["X"]}).status_code == 400
    assert api.post(f"/api/v1/movies/{movie_factory.draft().slug}/share").status_code == 404
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "shares": "1/60"}
    settings.THROTTLE_CEILINGS = {"strangers": 1, "network": 1}
    other = APIClient(REMOTE_ADDR="10.9.9.9")
    answers = [other.post(URL).status_code for _ in range(2)]
    assert answers == [200, 429]
    assert count(movie) == 1


@pytest.mark.django_db(transaction=True)
def test_concurrent_shares(movie: Movie) -> None:
    def share(n: int) -> None:
        film = Movie.objects.get()
        movie_share(film, by=Sharer(key=str(n // 2), address=str(n)), channel="X", now=3600.0)

    at_once(share, range(20), threads=6)
    assert count(movie) == 10
