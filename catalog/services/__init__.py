"""What changes the catalogue."""

from catalog.progress import Heartbeat, Progress, moment_of, watch_progress
from catalog.services.deletion import movie_delete
from catalog.services.film_edits import movie_add, movie_update
from catalog.services.films import (
    movie_create,
    movie_feature,
    movie_media_update,
    movie_publish,
    movie_terms_changed,
    movie_unpublish,
)
from catalog.services.schedule import movie_schedule

__all__ = [
    "Heartbeat",
    "Progress",
    "moment_of",
    "movie_add",
    "movie_create",
    "movie_delete",
    "movie_feature",
    "movie_media_update",
    "movie_publish",
    "movie_schedule",
    "movie_terms_changed",
    "movie_unpublish",
    "movie_update",
    "watch_progress",
]
