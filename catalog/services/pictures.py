"""Pictures of films, series, people and categories: drawn anew, under a new name each time.

A film's poster may also be one of the stills its encode found. Storage is written before the
transaction; what was replaced is deleted after it.
"""

import secrets
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction

from accounts.pictures import picture_webp
from accounts.services.audit import audit_write
from catalog.models import Category, Movie, Person, Series
from catalog.services.edits import row_lock
from kushfilms.core import storage
from kushfilms.core.errors import InvalidInput
from kushfilms.core.jobs import Running, job_enqueue, job_kind

POSTER = (400, 600)
THUMBNAIL = (480, 270)
# Below this lie pictures that are one row's alone: those of an encode are other choices' too.
OURS = "public/posters/"
Pictured = Series | Person | Category
Row = TypeVar("Row", bound=Movie | Pictured)


@dataclass(frozen=True)
class Place:
    """One picture of a sort of thing: its column, its size in pixels, and its words."""

    column: str
    size: tuple[int, int]
    label: str


PLACES: dict[type[Pictured], dict[str, Place]] = {
    Series: {
        "poster": Place("poster_key", POSTER, "Poster"),
        "backdrop": Place("backdrop_key", (1280, 720), "Backdrop"),
    },
    Person: {"photo": Place("photo_key", (400, 400), "Photograph")},
    Category: {"image": Place("image_key", (800, 450), "Picture")},
}


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
        action="movie.poster",
        poster_key=_store(movie, data, size=POSTER),
        thumbnail_key=_store(movie, data, size=THUMBNAIL),
        backdrop_key=key,
    )


def movie_poster_upload(movie: Movie, *, data: bytes) -> Movie:
    """A poster from outside. Raises what `picture_webp` raises, and StorageError."""
    return _point(movie, action="movie.poster", poster_key=_store(movie, data, size=POSTER))


def picture_put(row: Pictured, *, place: str, data: bytes) -> None:
    """Give it this picture. Raises what `picture_webp` raises, StorageError, NotFound."""
    where = PLACES[type(row)][place]
    key = _store(row, data, size=where.size)
    _point(row, action=f"{row._meta.model_name}.picture", **{where.column: key})


def picture_clear(row: Pictured, *, place: str) -> None:
    """Raises NotFound."""
    where = PLACES[type(row)][place]
    _point(row, action=f"{row._meta.model_name}.picture", **{where.column: ""})


def pictures_forget(row: Pictured) -> None:
    """The row goes, in the caller's transaction: so do its pictures."""
    for where in PLACES[type(row)].values():
        _discard(getattr(row, where.column))


def _store(row: Movie | Pictured, data: bytes, *, size: tuple[int, int]) -> str:
    picture = picture_webp(data, size=size)
    key = f"{OURS}{row.pk}/{secrets.token_urlsafe(12)}.webp"
    storage.put_bytes(key, picture, content_type="image/webp")
    return key


@transaction.atomic
def _point(row: Row, *, action: str, **keys: str) -> Row:
    # Locked: of two at once each deletes what it replaced.
    row = row_lock(row, what=str(row._meta.verbose_name))
    old = {name: getattr(row, name) for name in keys}
    if old == keys:  # taken off twice
        return row
    for name, key in keys.items():
        setattr(row, name, key)
    row.save(update_fields=[*keys, "updated_at"])
    audit_write(action, row, old=old, new=keys)
    for key in old.values():
        _discard(key)
    return row


def _discard(key: str) -> None:
    if key.startswith(OURS):
        job_enqueue("picture_delete", {"key": key})


@job_kind("picture_delete")
def delete_picture(job: Running) -> None:
    storage.delete(job.payload["key"])
