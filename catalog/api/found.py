"""A found film in JSON from plain values: what `FoundMovie` makes of a model, at a tenth of it.

A test holds the two against each other.
"""

from typing import Any

from catalog.selectors.search import BEST, STAND_INS, movies_with
from kushfilms.core.keyset import KeysetList
from kushfilms.core.storage import public_url

COLUMNS = (
    "id", "kind", "title", "slug", "description", "year", "duration", "rating", "rating_count",
    "language", "country", "genres", "thumbnail_key", "poster_key", "access_level", "age_rating",
    "published_at", "category_id", "category__name", "category__slug", "season__series_id",
    "season__series__title", "season__series__slug", "season__number", "episode_number", "score",
)  # fmt: skip
FOUND = KeysetList(movies_with, columns=COLUMNS, ordering=BEST, **STAND_INS)


def found_json(row: tuple[Any, ...]) -> dict[str, Any]:
    film = dict(zip(COLUMNS, row, strict=True))
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
        "thumbnailUrl": public_url(film["thumbnail_key"]),
        "posterUrl": public_url(film["poster_key"]),
        "accessLevel": film["access_level"],
        "ageRating": film["age_rating"],
        "publishedAt": film["published_at"],
        "category": _category(film),
        "series": _series(film),
    }


def _category(film: dict[str, Any]) -> dict[str, Any] | None:
    if film["category_id"] is None:
        return None
    return {
        "id": film["category_id"],
        "name": film["category__name"],
        "slug": film["category__slug"],
    }


def _series(film: dict[str, Any]) -> dict[str, Any] | None:
    if film["season__series_id"] is None:
        return None
    return {
        "id": film["season__series_id"],
        "title": film["season__series__title"],
        "slug": film["season__series__slug"],
        "season": film["season__number"],
        "episode": film["episode_number"],
    }
