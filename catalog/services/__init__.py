"""What changes the catalogue."""

from catalog.progress import Heartbeat, Progress, moment_of, watch_progress
from catalog.services.films import (
    movie_create,
    movie_delete,
    movie_feature,
    movie_media_update,
    movie_publish,
    movie_terms_changed,
    movie_unpublish,
)

__all__ = [
    "Heartbeat",
    "Progress",
    "moment_of",
    "movie_create",
    "movie_delete",
    "movie_feature",
    "movie_media_update",
    "movie_publish",
    "movie_terms_changed",
    "movie_unpublish",
    "watch_progress",
]
