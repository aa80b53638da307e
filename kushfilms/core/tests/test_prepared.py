"""Prepared statements, which return the same rows as their querysets."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from catalog.models import Movie
from kushfilms.core.db.prepared import STAND_IN_AUDIENCE, Prepared, PreparedObjects
from tests.factories import EpisodeFactory, MovieFactory, SeasonFactory

pytestmark = pytest.mark.django_db
JSON_FIELDS = ("metadata", "before_deletion")


def _between(*, now: datetime, country: str) -> QuerySet[Movie, Any]:
    """Return a query with the time twice, the country alone and in a list, and per cent signs."""
    films = Movie.objects.filter(licence_starts_at__lte=now, licence_ends_at__gt=now)
    films = films.filter(country=country, allowed_countries__contains=[country])
    films = films.filter(title__contains="100%").exclude(title__endswith="_%")
    return films.annotate(said=Concat(F("title"), Value(" %s %% $1"))).values_list("pk", "said")


def test_it_finds_what_the_queryset_finds(movie_factory: Any) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    open_now = {
        "licence_starts_at": now,
        "licence_ends_at": datetime(2027, 1, 1, tzinfo=UTC),
        "allowed_countries": ["KE", "UG"],
    }
    found = movie_factory(title="100% Kadodi", country="UG", **open_now)
    movie_factory(title="100% Kadodi", country="KE", **open_now)
    movie_factory(title="100 Kadodi", country="UG", **open_now)
    over = {**open_now, "licence_starts_at": now - timedelta(days=9), "licence_ends_at": now}
    movie_factory(title="100% Kadodi", country="UG", **over)
    statement = Prepared(_between, **STAND_IN_AUDIENCE)
    for _ in range(2):
        rows = statement.rows(now=now, country="UG")
        assert rows == [(found.pk, "100% Kadodi %s %% $1")]
        assert rows == list(_between(now=now, country="UG"))
    assert statement.rows(now=now, country="TZ") == []


def test_objects_are_those_of_the_queryset() -> None:
    films = Movie.objects.select_related("category", "season__series").defer(*JSON_FIELDS)
    alone = MovieFactory.create(allowed_countries=["UG"])
    with_series = EpisodeFactory.create(season=SeasonFactory.create(), episode_number=1)
    statement = PreparedObjects(lambda slug: films.filter(slug=slug), slug="\x01slug")
    for film in (with_series, alone):
        [found] = statement.objects(slug=film.slug)
        [expected] = films.filter(slug=film.slug)
        own, theirs = found.__dict__, expected.__dict__
        assert {name: value for name, value in own.items() if name != "_state"} == {
            name: value for name, value in theirs.items() if name != "_state"
        }
        assert found.get_deferred_fields() == set(JSON_FIELDS)
        with CaptureQueriesContext(connection) as queries:
            assert (found.category and found.category.name) == (
                expected.category and expected.category.name
            )
            if found.season and expected.season:
                assert found.season.series.title == expected.season.series.title
        assert len(queries) == 0
    assert statement.objects(slug="nothing") == []


def test_a_repeated_value_is_sent_once() -> None:
    def build(*, me: UUID) -> QuerySet[Movie, Any]:
        return Movie.objects.filter(Q(pk=me) | Q(category=me), year=me.int).values_list("pk")

    with CaptureQueriesContext(connection) as queries:
        assert Prepared(build, me=UUID(int=7)).rows(me=uuid4()) == []
    (query,) = queries.captured_queries
    assert [query["sql"].count(f"${number}") for number in (1, 2, 3)] == [2, 1, 0]
