"""Pictures of films, series, people and categories, each stored under a new name.

A film's poster may also be one of the stills of its encode. Storage is written before the
transaction; the replaced picture is deleted after it.
"""

import secrets
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction

from accounts.services.audit import audit_write
from catalog.models import Category, Movie, Person, Series
from catalog.services.edits import row_lock
from kushfilms.core import storage
from kushfilms.core.errors import InvalidInput
from kushfilms.core.images import picture_read
from kushfilms.core.jobs import Running, job_enqueue, job_kind
from kushfilms.core.pictures import (
    BACKDROP_WIDTHS,
    POSTER_WIDTHS,
    picture_delete,
    picture_store,
    share_store,
)


@dataclass(frozen=True)
class Shape:
    """A size in pixels, the widths to store, and whether it is also stored for shared links."""

    size: tuple[int, int]
    widths: tuple[int, ...]
    shared: bool = False


POSTER = Shape((400, 600), POSTER_WIDTHS)
BACKDROP = Shape((1280, 720), BACKDROP_WIDTHS, shared=True)
THUMBNAIL = Shape((480, 270), (480,))
PORTRAIT = Shape((400, 400), (160, 400))
SHELF = Shape((800, 450), (400, 800))
# Pictures of one row only; those of an encode may be choices of other slots, too.
OWN_PREFIX = "public/posters/"
Pictured = Series | Person | Category
Row = TypeVar("Row", bound=Movie | Pictured)


@dataclass(frozen=True)
class PictureSlot:
    """A picture of a kind of row: its column, shape and label."""

    column: str
    shape: Shape
    label: str


PICTURE_SLOTS: dict[type[Pictured], dict[str, PictureSlot]] = {
    Series: {
        "poster": PictureSlot("poster_key", POSTER, "Poster"),
        "backdrop": PictureSlot("backdrop_key", BACKDROP, "Backdrop"),
    },
    Person: {"photo": PictureSlot("photo_key", PORTRAIT, "Photograph")},
    Category: {"image": PictureSlot("image_key", SHELF, "Picture")},
}


def movie_poster_choose(movie: Movie, *, key: str) -> Movie:
    """Make poster, thumbnail and backdrop of one of the film's stills.

    Raises:
        InvalidInput: no such still.
        StorageError: the old pictures stay.
    """
    if key not in movie.poster_candidate_keys:
        fault = "This still no longer exists. Reload the page and choose another."
        raise InvalidInput(fault, fields={"key": [fault]})
    data = storage.get_bytes(key)
    return _point(
        movie,
        action="movie.poster",
        poster_key=_store(movie, data, POSTER),
        thumbnail_key=_store(movie, data, THUMBNAIL),
        backdrop_key=_store(movie, data, BACKDROP),
    )


def movie_poster_upload(movie: Movie, *, data: bytes) -> Movie:
    """Store an uploaded poster. Raises what `picture_read` raises, and StorageError."""
    return _point(movie, action="movie.poster", poster_key=_store(movie, data, POSTER))


def picture_put(row: Pictured, *, slot: str, data: bytes) -> None:
    """Store a picture. Raises what `picture_read` raises, StorageError, NotFound."""
    target = PICTURE_SLOTS[type(row)][slot]
    key = _store(row, data, target.shape)
    _point(row, action=f"{row._meta.model_name}.picture", **{target.column: key})


def picture_clear(row: Pictured, *, slot: str) -> None:
    """Remove a picture. Raises NotFound."""
    target = PICTURE_SLOTS[type(row)][slot]
    _point(row, action=f"{row._meta.model_name}.picture", **{target.column: ""})


def pictures_forget(row: Pictured) -> None:
    """Delete the pictures of a row that the caller deletes in the same transaction."""
    for target in PICTURE_SLOTS[type(row)].values():
        _discard(getattr(row, target.column))


def _store(row: Movie | Pictured, data: bytes, shape: Shape) -> str:
    image = picture_read(data, size=shape.size)
    stem = f"{OWN_PREFIX}{row.pk}/{secrets.token_urlsafe(12)}"
    key = picture_store(stem, image, widths=shape.widths)
    if shape.shared:
        share_store(key, image)
    return key


@transaction.atomic
def _point(row: Row, *, action: str, **keys: str) -> Row:
    # Locked, so that of two replacements at once each deletes what it replaced.
    row = row_lock(row, what=str(row._meta.verbose_name))
    old = {name: getattr(row, name) for name in keys}
    if old == keys:  # removed twice
        return row
    for name, key in keys.items():
        setattr(row, name, key)
    row.save(update_fields=[*keys, "updated_at"])
    audit_write(action, row, old=old, new=keys)
    for key in old.values():
        _discard(key)
    return row


def _discard(key: str) -> None:
    if key.startswith(OWN_PREFIX):
        job_enqueue("picture_delete", {"key": key})


@job_kind("picture_delete")
def delete_picture(job: Running) -> None:
    picture_delete(job.payload["key"])
