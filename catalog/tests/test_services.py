"""Services of films and watch progress."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from catalog.events import MovieTermsChanged
from catalog.models import Movie, WatchHistory
from catalog.services.films import (
    movie_create,
    movie_feature,
    movie_media_update,
    movie_publish,
    movie_unpublish,
)
from catalog.services.progress import Progress, watch_progress
from kushfilms.core import events
from kushfilms.core.errors import InvalidInput, NotFound, WrongState

pytestmark = pytest.mark.django_db


@pytest.fixture
def emitted() -> Iterator[list[object]]:
    received: list[object] = []
    events.subscribe(MovieTermsChanged)(received.append)
    yield received
    events._subscribers[MovieTermsChanged].remove(received.append)


def test_slugs_come_from_titles_and_never_clash() -> None:
    slugs = [movie_create(title=title).slug for title in ("Nile & Sun!", "Nile Sun", "Nile Sun")]
    assert slugs == ["nile-sun", "nile-sun-2", "nile-sun-3"]
    assert movie_create(title="電影").slug == "film"
    assert len(movie_create(title="x" * 200).slug) <= 220
    movie = Movie.objects.first()
    assert movie is not None
    assert not movie.published
    assert not movie.playable


def test_a_title_that_does_not_fit_makes_no_film() -> None:
    for title in ("", "   ", "x" * 201):
        with pytest.raises(InvalidInput) as caught:
            movie_create(title=title)
        assert list(caught.value.extras["fields"]) == ["title"]
    assert not Movie.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_concurrent_films_of_one_title_are_all_created() -> None:
    def create(_: int) -> str:
        try:
            return movie_create(title="Same").slug
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        slugs = set(pool.map(create, range(8)))
    assert slugs == {"same", *(f"same-{n}" for n in range(2, 9))}


def test_publishing_needs_something_to_play() -> None:
    movie, now = movie_create(title="Film"), timezone.now()
    with pytest.raises(WrongState) as caught:
        movie_publish(movie, now=now)
    assert caught.value.error_code == "not_ready"
    movie.refresh_from_db()
    assert not movie.published
    movie_media_update(movie, playable=True, duration=600)
    assert movie_publish(movie, now=now).published_at == now


def test_a_second_publication_keeps_the_first_date(
    movie_factory: Any, emitted: list[object]
) -> None:
    movie = movie_factory()
    movie_unpublish(movie)
    again = movie_publish(movie, now=timezone.now())
    assert (again.published, again.published_at) == (True, movie.published_at)


def test_unpublishing_emits_once(movie_factory: Any, emitted: list[object]) -> None:
    movie = movie_factory()
    assert not movie_unpublish(movie).published
    movie_unpublish(movie)
    assert emitted == [MovieTermsChanged(movie_id=movie.pk)]


def test_media_changes_only_what_is_given(movie_factory: Any) -> None:
    movie = movie_factory(poster_key="public/chosen.jpg")
    Movie.objects.filter(pk=movie.pk).update(title="Renamed since")
    after = movie_media_update(movie, duration=71, preview_key="public/p.webp")
    assert (after.duration, after.preview_key) == (71, "public/p.webp")
    assert (after.poster_key, after.title) == ("public/chosen.jpg", "Renamed since")


def test_featuring(movie_factory: Any) -> None:
    movie = movie_factory()
    assert movie_feature(movie, featured=True).featured
    assert not movie_feature(movie, featured=False).featured


# ── Progress ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("seconds", "kept"),
    [
        (0, Progress(0, completed=False)),
        (899, Progress(899, completed=False)),
        (900, Progress(900, completed=True)),
        (10**30, Progress(1000, completed=True)),
    ],
)
def test_progress_is_clamped_and_completes_at_90_percent(
    viewer: User, movie_factory: Any, seconds: int, kept: Progress
) -> None:
    movie = movie_factory(duration=1000)
    assert watch_progress(viewer.pk, movie, progress_seconds=seconds, now=timezone.now()) == kept


def test_before_the_beginning_is_refused(viewer: User, movie_factory: Any) -> None:
    with pytest.raises(InvalidInput):
        watch_progress(viewer.pk, movie_factory(), progress_seconds=-1, now=timezone.now())
    assert not WatchHistory.objects.exists()


def test_a_film_without_a_length_is_not_finished(viewer: User, movie_factory: Any) -> None:
    movie = movie_factory(duration=0)
    kept = watch_progress(viewer.pk, movie, progress_seconds=50, now=timezone.now())
    assert kept == Progress(0, completed=False)


def test_completed_stays_completed_and_late_heartbeats_are_ignored(
    viewer: User, movie_factory: Any, django_assert_num_queries: Any
) -> None:
    movie, now = movie_factory(duration=1000), timezone.now()
    watch_progress(viewer.pk, movie, progress_seconds=950, now=now)
    with django_assert_num_queries(1):
        again = watch_progress(
            viewer.pk, movie, progress_seconds=10, now=now + timedelta(seconds=30)
        )
    late = watch_progress(viewer.pk, movie, progress_seconds=700, now=now - timedelta(seconds=30))
    assert again == late == Progress(10, completed=True)
    assert WatchHistory.objects.get().watched_at == now + timedelta(seconds=30)


@pytest.mark.django_db(transaction=True)
def test_concurrent_heartbeats_make_one_row(viewer: User, movie_factory: Any) -> None:
    movie, now = movie_factory(duration=1000), timezone.now()

    def beat(n: int) -> None:
        try:
            watch_progress(viewer.pk, movie, progress_seconds=n, now=now + timedelta(seconds=n))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(beat, range(12)))
    assert WatchHistory.objects.get().progress == 11


@pytest.mark.django_db(transaction=True)
def test_a_deleted_film(viewer: User) -> None:
    gone = Movie(pk=uuid4(), duration=100)
    with pytest.raises(NotFound):
        watch_progress(viewer.pk, gone, progress_seconds=1, now=timezone.now())
