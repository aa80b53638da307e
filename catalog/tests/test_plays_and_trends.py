"""Counting of plays, and trends."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from catalog.models import Movie, MovieDay, Play, Trend
from catalog.services.plays import play_note, plays_count
from catalog.services.trends import trends_compute

MakeMovie = Callable[..., Movie]

pytestmark = pytest.mark.django_db


def views(movie: Movie) -> int:
    return Movie.objects.get(pk=movie.pk).view_count


def test_a_sweep_adds_up_recorded_plays(movie_factory: MakeMovie) -> None:
    one, two = movie_factory(view_count=10), movie_factory()
    for movie in (one, one, two):
        play_note(movie.pk, now=timezone.now())
    assert plays_count() == 3
    assert (views(one), views(two)) == (12, 1)
    assert plays_count() == 0
    assert (views(one), views(two), Play.objects.count()) == (12, 1, 0)


def test_days_are_those_of_kampala(movie_factory: MakeMovie) -> None:
    movie = movie_factory()
    play_note(movie.pk, now=datetime(2026, 11, 20, 20, 59, tzinfo=UTC))
    play_note(movie.pk, now=datetime(2026, 11, 20, 21, 1, tzinfo=UTC))  # after midnight there
    plays_count()
    assert list(MovieDay.objects.order_by("day").values_list("day", "plays")) == [
        (date(2026, 11, 20), 1),
        (date(2026, 11, 21), 1),
    ]


@pytest.mark.django_db(transaction=True)
def test_concurrent_sweeps_and_plays_count_each_play_once(movie_factory: MakeMovie) -> None:
    movies = [movie_factory() for _ in range(5)]

    def work(number: int) -> int:
        try:
            for turn in range(10):
                play_note(movies[(number + turn) % 5].pk, now=timezone.now())
                plays_count()
        finally:
            connection.close()
        return number

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    plays_count()
    assert sum(views(movie) for movie in movies) == 60
    assert sum(MovieDay.objects.values_list("plays", flat=True)) == 60


def trending() -> list[Any]:
    return list(Trend.objects.order_by("rank").values_list("movie__slug", flat=True))


def test_recent_plays_outweigh_older_ones(movie_factory: MakeMovie) -> None:
    now = timezone.now()
    today = now.date()
    plays = {"fresh": (1, 40), "tired": (10, 100), "old": (40, 9999), "unseen": (0, 0)}
    for slug, (days, count) in plays.items():
        movie = movie_factory(slug=slug)
        if count:
            MovieDay.objects.create(movie=movie, day=today - timedelta(days=days), plays=count)
    trends_compute(now=now)
    assert trending() == ["fresh", "tired"]


def test_unplayable_films_are_no_trend_and_a_new_list_replaces_the_old(
    movie_factory: MakeMovie,
) -> None:
    now = timezone.now()
    first, second = movie_factory(slug="first"), movie_factory(slug="second")
    MovieDay.objects.create(movie=first, day=now.date(), plays=9)
    MovieDay.objects.create(movie=second, day=now.date(), plays=5)
    trends_compute(now=now)
    assert trending() == ["first", "second"]
    Movie.objects.filter(pk=first.pk).update(published=False)
    trends_compute(now=now)
    assert trending() == ["second"]


def test_the_chart_of_uganda_counts_uganda(movie_factory: MakeMovie, client: Client) -> None:
    now = timezone.now()
    films = {slug: movie_factory(slug=slug, title=slug) for slug in ("abroad", "a", "b", "c")}
    for slug, country, plays in [
        ("abroad", "KE", 90), ("abroad", "", 9), ("a", "UG", 3), ("b", "UG", 2), ("a", "KE", 5),
    ]:  # fmt: skip
        for _ in range(plays):
            play_note(films[slug].pk, now=now, country=country)
    plays_count()
    trends_compute(now=now)
    # Two films are no chart of Uganda yet, so the page shows what is played everywhere.
    page = client.get("/").content.decode()
    assert "Most watched in Uganda" not in page
    assert chart_of(page) == ["abroad", "a", "b"]
    play_note(films["c"].pk, now=now, country="UG")
    plays_count()
    trends_compute(now=now)
    page = client.get("/").content.decode()
    assert "Most watched in Uganda now" in page
    assert chart_of(page) == ["a", "b", "c"]
    day = MovieDay.objects.get(movie=films["a"])
    assert (day.plays, day.home_plays) == (8, 3)


def test_a_chart_needs_plays(movie_factory: MakeMovie, client: Client) -> None:
    for _ in range(3):
        movie_factory()
    assert "Most watched" not in client.get("/").content.decode()


def chart_of(page: str) -> list[str]:
    """Return the slugs of the chart on the home page, best first."""
    chart = page.partition("rail--chart")[2].partition("</section>")[0]
    return re.findall(r'href="/movies/([\w-]+)"', chart)


@pytest.mark.django_db(transaction=True)
def test_concurrent_computations_leave_one_list(movie_factory: MakeMovie) -> None:
    now = timezone.now()
    for _ in range(20):
        MovieDay.objects.create(movie=movie_factory(), day=now.date(), plays=3)

    def work(_: int) -> None:
        try:
            trends_compute(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert sorted(Trend.objects.values_list("rank", flat=True)) == list(range(1, 21))
