"""Order of heartbeats: the viewer's later one wins, whatever network and clocks do."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import Movie, WatchHistory
from catalog.services.deletion import movie_delete, movie_remove, movie_restore
from catalog.services.films import movie_publish

ApiAs = Callable[[User], APIClient]
URL = "/api/v1/movies/seven-hills/watch"

pytestmark = [pytest.mark.django_db, pytest.mark.both_ways]


@pytest.fixture
def movie(movie_factory: Any) -> Movie:
    created: Movie = movie_factory(slug="seven-hills", duration=1000)
    return created


@pytest.fixture
def phone(viewer: User, movie: Movie, api_as: ApiAs) -> APIClient:
    return api_as(viewer)


def beat(client: APIClient, progress: float, **more: Any) -> Any:
    if isinstance(moment := more.get("at"), datetime):
        more["at"] = moment.isoformat()
    answer = client.post(URL, {"progress": progress, **more})
    # An unknown session: the position is saved all the same.
    assert answer.status_code in {200, 404}, answer.content
    return WatchHistory.objects.get()


@pytest.mark.parametrize("arriving", list(permutations((1, 2, 3))))
def test_beats_of_one_playback_arrive_in_any_order(
    phone: APIClient, arriving: tuple[int, ...]
) -> None:
    session = str(uuid4())
    for number in arriving:
        row = beat(phone, number * 10, sessionId=session, sequence=number)
    assert row.progress == 30


@pytest.mark.parametrize("arriving", list(permutations((1, 2, 3))))
def test_beats_of_two_devices_arrive_in_any_order(
    phone: APIClient, viewer: User, api_as: ApiAs, arriving: tuple[int, ...]
) -> None:
    """Report from a TV at minutes 1 and 3 and a phone between: the TV is last."""
    began = timezone.now() - timedelta(minutes=10)
    tv = api_as(viewer)
    sessions = {1: str(uuid4()), 2: str(uuid4())}
    for minute in arriving:
        row = beat(
            phone if minute == 2 else tv,
            minute * 100,
            at=began + timedelta(minutes=minute),
            sessionId=sessions[minute % 2 + 1],
            sequence=minute,
        )
    assert (row.progress, row.watched_at) == (300, began + timedelta(minutes=3))


def test_the_control_without_a_clock_the_network_decides(phone: APIClient) -> None:
    beat(phone, 300)
    assert beat(phone, 100).progress == 100


def test_a_clock_in_the_future_does_not_block_later_heartbeats(phone: APIClient) -> None:
    row = beat(phone, 500, at="2099-01-01T00:00:00Z")
    assert row.watched_at <= timezone.now()
    assert beat(phone, 20).progress == 20


def test_a_clock_set_back_within_a_playback_does_no_harm(phone: APIClient) -> None:
    now = timezone.now()
    session = str(uuid4())
    beat(phone, 100, sessionId=session, sequence=1, at=now)
    row = beat(phone, 130, sessionId=session, sequence=2, at=now - timedelta(hours=3))
    assert (row.progress, row.watched_at) == (130, now)


def test_a_clock_of_the_last_century(phone: APIClient) -> None:
    row = beat(phone, 100, at="1970-01-01T00:00:00Z")
    assert row.watched_at > timezone.now() - timedelta(days=31)
    assert beat(phone, 200).progress == 200


@pytest.mark.parametrize(
    "body",
    [
        {}, {"progress": -1}, {"progress": "x"}, {"progress": None}, {"progress": 10**40},
        {"progress": 5, "at": "yesterday"}, {"progress": 5, "at": 7},
        {"progress": 5, "at": "0001-01-01T00:00:00+14:00"}, {"progress": 5, "sequence": -1},
        {"progress": 5, "sequence": 2**31}, {"progress": 5, "sequence": "x"},
        {"progress": 5, "sessionId": "x"},
    ],
)  # fmt: skip
def test_invalid_heartbeats(phone: APIClient, body: Any) -> None:
    assert phone.post(URL, body).status_code == 400
    assert not WatchHistory.objects.exists()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_numbers_that_are_none(phone: APIClient, number: str) -> None:
    raw = f'{{"progress": {number}}}'
    assert phone.post(URL, raw, content_type="application/json").status_code == 400
    assert not WatchHistory.objects.exists()


def test_beyond_the_end_is_the_end(phone: APIClient) -> None:
    row = beat(phone, 1059)
    assert (row.progress, row.completed) == (1000, True)
    assert phone.post(URL, {"progress": 2**52}).status_code == 400
    assert WatchHistory.objects.get().progress == 1000


@pytest.mark.django_db(transaction=True)
def test_a_film_deleted_while_it_is_watched(viewer: User, movie: Movie, api_as: ApiAs) -> None:
    """Refuse the next heartbeat of a deleted film; its restoration restores the position."""
    phone = api_as(viewer)
    assert phone.post(URL, {"progress": 20}).status_code == 200
    movie_delete(movie, now=timezone.now())
    answer = phone.post(URL, {"progress": 40})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert phone.get("/api/v1/users/history").json()["results"] == []
    assert WatchHistory.objects.get().progress == 20
    movie_publish(movie_restore(movie.pk), now=timezone.now())
    assert phone.post(URL, {"progress": 60}).status_code == 200
    movie_delete(movie, now=timezone.now())
    assert movie_remove(movie.pk)
    assert not WatchHistory.objects.exists()
    assert phone.post(URL, {"progress": 80}).status_code == 404
