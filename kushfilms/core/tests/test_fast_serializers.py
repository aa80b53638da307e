"""Lean serializers, which give the same output as DRF's own."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from rest_framework import serializers

from catalog.api.serializers import MovieCard
from catalog.models import Movie
from kushfilms.core.api.fast_serializers import LeanInput

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("filed", [True, False])
def test_a_film_reads_the_same(movie_factory: Any, category_factory: Any, filed: bool) -> None:
    made = movie_factory(
        category=category_factory() if filed else None, rating="4.25", genres=["Crime", "Kadodi"],
        year=None, access_level="PREMIUM", age_rating="18",
        published_at=datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=timezone(timedelta(hours=3))),
    )  # fmt: skip
    for movie in (made, Movie.objects.get(pk=made.pk)):
        plain = serializers.Serializer.to_representation(MovieCard(), movie)
        assert MovieCard(movie).data == plain
        assert list(MovieCard([movie, movie], many=True).data) == [plain, plain]
        assert list(MovieCard(movie).data) == list(plain)
    assert plain["publishedAt"] == datetime(
        2026, 1, 2, 0, 4, 5, 678, tzinfo=UTC
    ).isoformat().replace("+00:00", "Z")


class Beat(LeanInput):
    progress = serializers.FloatField(min_value=0)
    ended = serializers.BooleanField(required=False, default=False)


def test_input_is_its_requests_alone() -> None:
    """Keep values and errors of one request out of the next, though fields are shared."""
    sent = ({"progress": 3, "ended": True}, {"progress": -1}, {"progress": "4"})
    good, bad, other = (Beat(data=data) for data in sent)
    assert (good.is_valid(), bad.is_valid(), other.is_valid()) == (True, False, True)
    assert good.validated_data == {"progress": 3.0, "ended": True}
    assert set(bad.errors) == {"progress"}
    assert other.validated_data == {"progress": 4.0, "ended": False}
    assert set(Beat(data={"progress": "x", "ended": "y"}).fields) == {"progress", "ended"}
