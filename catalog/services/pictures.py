"""A film's poster: one of the stills its encode found, or one's own. Drawn anew, under a new name.

Storage is written before the transaction; what was replaced is deleted after it.
"""

import secrets

from django.db import transaction

from accounts.pictures import picture_read
from accounts.services.audit import audit_write
from catalog.models import Movie
from catalog.services.edits import row_lock
from kushfilms.core import storage
from kushfilms.core.errors import InvalidInput
from kushfilms.core.jobs import Running, job_enqueue, job_kind
from kushfilms.core.pictures import (
    BACKDROP_WIDTHS,
    POSTER_WIDTHS,
    picture_delete,
    picture_store,
    share_store,
)

POSTER = (400, 600)
BACKDROP = (1280, 720)
THUMBNAIL = (480, 270)
# Below this lie pictures that are one film's alone: those of an encode are other choices' too.
OURS = "public/posters/"


def movie_poster_choose(movie: Movie, *, key: str) -> Movie:
    """Make poster, thumbnail and backdrop of one of the film's stills.

    Raises:
        InvalidInput: not one of them.
        StorageError: the old pictures stay.
    """
    if key not in movie.poster_candidate_keys:
        fault = "This still is not there any more. Load the page again and choose another."
        raise InvalidInput(fault, fields={"key": [fault]})
    data = storage.get_bytes(key)
    return _point(
        movie,
        poster_key=_poster(movie, data),
        thumbnail_key=_thumbnail(movie, data),
        backdrop_key=_backdrop(movie, data),
    )


def movie_poster_upload(movie: Movie, *, data: bytes) -> Movie:
    """A poster from outside. Raises what `picture_read` raises, and StorageError."""
    return _point(movie, poster_key=_poster(movie, data))


def _stem(movie: Movie) -> str:
    return f"{OURS}{movie.pk}/{secrets.token_urlsafe(12)}"


def _poster(movie: Movie, data: bytes) -> str:
    return picture_store(_stem(movie), picture_read(data, size=POSTER), widths=POSTER_WIDTHS)


def _backdrop(movie: Movie, data: bytes) -> str:
    image = picture_read(data, size=BACKDROP)
    key = picture_store(_stem(movie), image, widths=BACKDROP_WIDTHS)
    share_store(key, image)
    return key


def _thumbnail(movie: Movie, data: bytes) -> str:
    return picture_store(_stem(movie), picture_read(data, size=THUMBNAIL), widths=THUMBNAIL[:1])


@transaction.atomic
def _point(movie: Movie, **keys: str) -> Movie:
    # Locked: of two at once each deletes what it replaced.
    movie = row_lock(movie, what="film")
    old = {name: getattr(movie, name) for name in keys}
    for name, key in keys.items():
        setattr(movie, name, key)
    movie.save(update_fields=[*keys, "updated_at"])
    audit_write("movie.poster", movie, old=old, new=keys)
    for key in old.values():
        if key.startswith(OURS):
            job_enqueue("picture_delete", {"key": key})
    return movie


@job_kind("picture_delete")
def delete_picture(job: Running) -> None:
    picture_delete(job.payload["key"])
