"""Generated catalogue for benchmarks: the same for a seed, with tastes, and removable."""

from collections import Counter
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from catalog.models import Category, Credit, Movie, Person, Season, Series, WatchHistory

pytestmark = pytest.mark.django_db
SIZES = ("--movies", "300", "--people", "120", "--series", "4", "--history", "4000")
MODELS = (User, Movie, Person, Credit, Series, Season, Category, WatchHistory)


def seed(*options: str) -> str:
    out = StringIO()
    call_command("seed_demo", *options, stdout=out)
    return out.getvalue()


def test_it_is_as_large_as_asked_and_shown_to_viewers(client: Any) -> None:
    output = seed(*SIZES)
    assert "4000 rows of history by 40 viewers." in output
    assert Movie.objects.listed(now=timezone.now(), country="").count() == 300
    assert (Person.objects.count(), Series.objects.count()) == (120, 4)
    movie = Movie.objects.exclude(cast=[]).first()
    assert movie is not None
    names = [row.person.name for row in movie.credits.filter(job="CAST").order_by("order")]
    assert movie.cast == names
    assert client.get("/api/v1/movies?limit=100").status_code == 200
    assert client.get(f"/movies/{movie.slug}").status_code == 200


def test_one_seed_makes_the_same_rows_and_another_others(time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 11, 21, tzinfo=UTC), tick=False)

    def rows(number: str) -> list[Any]:
        seed(*SIZES, "--seed", number)
        found: list[Any] = [*Movie.objects.order_by("pk").values_list("pk", "title", "cast")]
        found += WatchHistory.objects.order_by("pk").values_list("pk", "user", "movie", "progress")
        seed("--remove")
        return found

    first = rows("1")
    assert rows("1") == first
    assert rows("2") != first


def test_viewers_watch_mostly_two_genres() -> None:
    """Most views are of two genres; chance alone would give two of fifteen."""
    seed("--movies", "2000", "--people", "50", "--history", "6000")
    shares = []
    for viewer in User.objects.all():
        genres = Counter(
            row.movie.genres[0] for row in viewer.watch_history.select_related("movie")
        )
        shares.append(sum(count for _, count in genres.most_common(2)) / genres.total())
    assert 0.6 < sum(shares) / len(shares) < 0.95


def test_remove_takes_that_away_and_nothing_else(movie_factory: Any, viewer: User) -> None:
    movie = movie_factory()
    WatchHistory.objects.create(user=viewer, movie=movie)
    before = [model._default_manager.count() for model in MODELS]
    seed(*SIZES)
    made_up = Movie.objects.exclude(pk=movie.pk).first()
    assert made_up is not None
    WatchHistory.objects.create(user=viewer, movie=made_up)
    with pytest.raises(CommandError, match="--remove first"):
        seed(*SIZES)
    seed("--remove")
    assert [model._default_manager.count() for model in MODELS] == before
    seed("--remove")


def test_never_in_production(settings: Any) -> None:
    settings.ENVIRONMENT = "production"
    for options in (SIZES, ("--remove",)):
        with pytest.raises(CommandError):
            seed(*options)
    for bad in ("-1", "x", "9" * 30):
        with pytest.raises(CommandError):
            seed("--movies", bad)
    assert not Movie.objects.exists()
