"""Cards of films for lists that are one viewer's: the row is theirs, the card everybody's.

Made of plain values: what `MovieCard` makes of a model, at a fifth of it. A test holds the two
against each other.
"""

from collections.abc import Collection, Mapping
from typing import Any

from orjson import Fragment

from catalog.models import Movie
from kushfilms.core.api.renderers import json_bytes
from kushfilms.core.links import absolute_url
from kushfilms.core.public_cache import Memo
from kushfilms.core.storage import public_url

COLUMNS = (
    "id", "kind", "title", "slug", "description", "year", "duration", "rating", "rating_count",
    "language", "country", "genres", "thumbnail_key", "poster_key", "access_level", "age_rating",
    "published_at", "category_id", "category__name", "category__slug",
)  # fmt: skip


def card_json(film: Mapping[str, Any]) -> dict[str, Any]:
    """`MovieCard` of the values of `COLUMNS`."""
    return {
        "id": film["id"],
        "kind": film["kind"],
        "title": film["title"],
        "slug": film["slug"],
        "description": film["description"],
        "year": film["year"],
        "duration": film["duration"],
        "rating": float(film["rating"]),
        "ratingCount": film["rating_count"],
        "language": film["language"],
        "country": film["country"],
        "genres": film["genres"],
        "thumbnailUrl": absolute_url(public_url(film["thumbnail_key"])),
        "posterUrl": absolute_url(public_url(film["poster_key"])),
        "accessLevel": film["access_level"],
        "ageRating": film["age_rating"],
        "publishedAt": film["published_at"],
        "category": _category(film),
    }


def _category(film: Mapping[str, Any]) -> dict[str, Any] | None:
    if film["category_id"] is None:
        return None
    return {
        "id": film["category_id"],
        "name": film["category__name"],
        "slug": film["category__slug"],
    }


def _load(ids: Collection[str]) -> dict[str, Fragment]:
    films = Movie.objects.filter(pk__in=ids).values(*COLUMNS)
    return {str(film["id"]): Fragment(json_bytes(card_json(film))) for film in films}


_CARDS = Memo(_load, most=20_000)


def cards_of(ids: Collection[str]) -> dict[str, Fragment]:
    """As JSON, by film, of ids as a `KeysetList` has them; without what is gone. For lists that
    ask themselves who may see what.
    """
    return _CARDS.get(ids)
