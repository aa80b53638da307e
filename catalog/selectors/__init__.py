"""Reads of the catalogue."""

from catalog.selectors.films import (
    CATEGORY_ORDER,
    NEWEST,
    SORTS,
    Rail,
    categories_active,
    category_get,
    genres_listed,
    languages_listed,
    movie_featured,
    movie_get,
    movie_to_watch,
    movies_listed,
    movies_newest,
    movies_related,
    rails_by_category,
    uuid_or_none,
)
from catalog.selectors.history import history_position, history_unfinished

__all__ = [
    "CATEGORY_ORDER",
    "NEWEST",
    "SORTS",
    "Rail",
    "categories_active",
    "category_get",
    "genres_listed",
    "history_position",
    "history_unfinished",
    "languages_listed",
    "movie_featured",
    "movie_get",
    "movie_to_watch",
    "movies_listed",
    "movies_newest",
    "movies_related",
    "rails_by_category",
    "uuid_or_none",
]
