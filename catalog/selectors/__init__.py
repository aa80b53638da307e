"""Reads of the catalogue."""

from catalog.selectors.categories import (
    CATEGORY_ORDER,
    categories_active,
    category_get,
    category_id_get,
)
from catalog.selectors.continue_watching import continue_watching_films
from catalog.selectors.films import (
    NEWEST,
    POPULAR,
    SORTS,
    credits_of,
    genres_listed,
    languages_listed,
    movie_detail,
    movie_get,
    movie_to_watch,
    movies_listed,
)
from catalog.selectors.history import history_position
from catalog.selectors.people import (
    PEOPLE_ORDER,
    FilmsByJob,
    people_listed,
    person_films,
    person_get,
)
from catalog.selectors.series import (
    SeasonShown,
    episode_next,
    series_get,
    series_listed,
    series_seasons,
)
from catalog.selectors.shelves import (
    Rail,
    hero_candidates,
    movies_featured,
    movies_most_watched,
    movies_newest,
    movies_recent,
    movies_related,
    movies_trending,
    rails_by_category,
)
from catalog.selectors.slugs import uuid_or_none

__all__ = [
    "CATEGORY_ORDER",
    "NEWEST",
    "PEOPLE_ORDER",
    "POPULAR",
    "SORTS",
    "FilmsByJob",
    "Rail",
    "SeasonShown",
    "categories_active",
    "category_get",
    "category_id_get",
    "continue_watching_films",
    "credits_of",
    "episode_next",
    "genres_listed",
    "hero_candidates",
    "history_position",
    "languages_listed",
    "movie_detail",
    "movie_get",
    "movie_to_watch",
    "movies_featured",
    "movies_listed",
    "movies_most_watched",
    "movies_newest",
    "movies_recent",
    "movies_related",
    "movies_trending",
    "people_listed",
    "person_films",
    "person_get",
    "rails_by_category",
    "series_get",
    "series_listed",
    "series_seasons",
    "uuid_or_none",
]
