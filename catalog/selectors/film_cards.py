"""Cards of films for the rows of one viewer: each card is the same for everybody."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from catalog.models import Movie
from kushfilms.core.public_cache import Memo


class FilmCard(NamedTuple):
    """The film on a card, and the facts that decide who may watch it."""

    id: str
    slug: str
    title: str
    year: int | None
    duration: int
    poster_key: str
    access_level: str
    age_rating: str
    trailer_duration: int
    published: bool
    playable: bool
    licence_starts_at: datetime | None
    licence_ends_at: datetime | None
    allowed_countries: list[str]
    blocked_countries: list[str]


def film_cards(ids: Collection[str]) -> dict[str, FilmCard]:
    """Return cards by film id. The caller decides who may see a film."""
    return _CARDS.get(ids)


def _load(ids: Collection[str]) -> dict[str, FilmCard]:
    rows = Movie.objects.filter(pk__in=ids).values_list(*FilmCard._fields)
    return {str(film_id): FilmCard(str(film_id), *rest) for film_id, *rest in rows}


_CARDS: Memo[str, FilmCard] = Memo(_load, tags=lambda film_id, _card: (film_id,))
