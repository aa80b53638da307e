"""Scheduled publication and licences: each change happens once, whatever the number of sweeps."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditLog, User
from catalog.events import MovieTermsChanged
from catalog.models import Movie, TakedownNotice
from catalog.services import schedule
from catalog.services.films import movie_media_update, movie_publish, movie_unpublish
from catalog.services.schedule import movie_schedule
from catalog.services.takedowns import takedown_accept, takedown_reverse
from catalog.tasks import sweep_schedule
from kushfilms.core import events

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def emitted() -> Iterator[list[Any]]:
    received: list[Any] = []
    events.subscribe(MovieTermsChanged)(received.append)
    yield received
    events._subscribers[MovieTermsChanged].remove(received.append)


@pytest.fixture
def scheduled(movie_factory: Any, time_machine: Any) -> Movie:
    """Create a playable draft to be published in an hour, and stop the clock."""
    time_machine.move_to(timezone.now(), tick=False)
    movie: Movie = movie_factory.draft()
    movie_media_update(movie, playable=True)
    return movie_schedule(movie, publish_at=timezone.now() + HOUR, now=timezone.now())


def live(movie: Movie) -> bool:
    movie.refresh_from_db()
    return movie.published


def test_a_film_is_published_at_its_time_and_not_before(
    scheduled: Movie, time_machine: Any
) -> None:
    sweep_schedule()
    time_machine.shift(HOUR - timedelta(seconds=1))
    sweep_schedule()
    assert not live(scheduled)
    time_machine.shift(timedelta(seconds=1))
    sweep_schedule()
    sweep_schedule()
    assert live(scheduled)
    assert (scheduled.published_at, scheduled.publish_at) == (timezone.now(), None)
    entry = AuditLog.objects.get(action="movie.publish")
    assert (entry.actor_id, entry.actor_role) == (None, "")


def test_publication_waits_for_a_video(movie_factory: Any, time_machine: Any) -> None:
    movie, now = movie_factory.draft(), timezone.now()
    movie_schedule(movie, publish_at=now + HOUR, now=now)
    time_machine.move_to(now + 2 * HOUR)
    sweep_schedule()
    assert not live(movie)
    movie_media_update(movie, playable=True)
    assert live(movie)


def test_a_film_unpublished_after_its_time_stays_hidden(
    scheduled: Movie, time_machine: Any
) -> None:
    time_machine.shift(HOUR)
    sweep_schedule()
    movie_unpublish(scheduled)
    sweep_schedule()
    movie_media_update(scheduled, playable=True)
    assert not live(scheduled)


def test_a_claim_stops_publication_until_it_is_reversed(
    scheduled: Movie, admin: User, time_machine: Any
) -> None:
    notice = TakedownNotice.objects.create(
        movie=scheduled, movie_title="Film", claimant_name="O", claimant_email="o@o.ug",
        postal_address="x", work="x", statement="x", signature="x",
        sworn_good_faith=True, sworn_accurate=True,
    )  # fmt: skip
    takedown_accept(notice, note="", by=admin, now=timezone.now())
    time_machine.shift(HOUR)
    sweep_schedule()
    assert not live(scheduled)
    takedown_reverse(notice, note="It is ours", now=timezone.now())
    sweep_schedule()
    assert live(scheduled)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_publish_once(scheduled: Movie) -> None:
    assert _two_sweeps(scheduled) == [False, True]
    assert AuditLog.objects.filter(action="movie.publish").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_publish(
    scheduled: Movie, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: neither sweep locks the row or reads it again."""
    both = Barrier(2)

    def publish(movie: Movie, *, now: Any) -> Movie:
        both.wait(timeout=60)
        return movie_publish(movie, now=now)

    monkeypatch.setattr(schedule, "movie_publish", publish)
    monkeypatch.setattr(schedule, "_lock_if_free", lambda pk: Movie.objects.filter(pk=pk).first())
    assert _two_sweeps(scheduled) == [True, True]


def _two_sweeps(movie: Movie) -> list[bool]:
    later = timezone.now() + HOUR

    def sweep(_: int) -> bool:
        try:
            return schedule._publish_due(movie.pk, now=later)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(sweep, range(2)))


# ── Licences ────────────────────────────────────────────────────────────────────────────


def test_a_licence_that_begins_or_ends_is_announced_once(
    movie_factory: Any, time_machine: Any, emitted: list[Any]
) -> None:
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    movie = movie_factory(licence_starts_at=now + HOUR, licence_ends_at=now + 3 * HOUR)
    movie_factory()
    for news in (1, 2, 2, 3, 3):  # shut, opens, nothing, ends, nothing
        sweep_schedule()
        sweep_schedule()
        assert [event.movie_id for event in emitted] == [movie.pk] * news
        time_machine.shift(HOUR)
    Movie.objects.update(licence_starts_at=None, licence_ends_at=None)
    sweep_schedule()
    assert len(emitted) == 4


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_announce_a_licence_once(movie_factory: Any, emitted: list[Any]) -> None:
    now = timezone.now()
    movie_factory(licence_ends_at=now)
    ids = list(Movie.objects.values_list("pk", flat=True))

    def sweep(_: int) -> bool:
        try:
            return schedule._licence_turn(ids[0], now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sweep, range(2))) == [False, True]
    assert len(emitted) == 1
