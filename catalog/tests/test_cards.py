"""Cards written from plain values equal those of the serializer."""

from datetime import datetime, timedelta, timezone
from typing import Any

import orjson
import pytest

from catalog.api.cards import cards_of
from catalog.api.serializers import MovieCard
from catalog.models import Movie

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("full", [True, False])
def test_a_card_equals_the_serializers(
    movie_factory: Any, category_factory: Any, full: bool
) -> None:
    more = {
        "category": category_factory(), "rating": "4.25", "genres": ["Crime", "Kadodi"],
        "access_level": "PREMIUM", "age_rating": "18", "thumbnail_key": "thumb.webp",
        "poster_key": "poster.webp",
        "published_at": datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=timezone(timedelta(hours=3))),
    }  # fmt: skip
    made = movie_factory(title="Ŋŋ 🎬 “Kadodi”", **more) if full else movie_factory(year=None)
    film = Movie.objects.select_related("category").get(pk=made.pk)
    (card,) = cards_of([str(film.pk)]).values()
    assert orjson.loads(orjson.dumps(card)) == MovieCard(film).data
    assert list(orjson.loads(orjson.dumps(card))) == list(MovieCard(film).data)


def test_a_deleted_film_has_no_card(movie_factory: Any) -> None:
    film = movie_factory()
    film_id = str(film.pk)
    film.delete()
    assert cards_of([film_id]) == {}
