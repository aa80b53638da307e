"""Uploads of the demo films through the normal pipeline, each rendered just before."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from accounts.models import User
from catalog.models import Movie
from dev.demo.film import Film
from dev.demo.people import ADMIN
from dev.demo.rendering import film_make
from dev.demo.shelf import film_shelve, films_unsent
from streaming.models import AssetStatus, VideoAsset
from streaming.services.ingest import send_file
from streaming.services.uploads import upload_abandon

LOCK = 0x4B757368  # an arbitrary number for PostgreSQL's advisory lock


def film_send_next() -> Film | None:
    """Upload the first missing film; return None if none is missing, or another process uploads.

    Raises:
        EncodingError: the source could not be made.
        StorageError: storage is unavailable; the next call starts with the same film.
    """
    with _exclusive() as is_exclusive:
        unsent = films_unsent() if is_exclusive else []
        if unsent:
            _send(unsent[0])
        return unsent[0] if unsent else None


def _send(film: Film) -> None:
    movie = film_shelve(film)
    uploader = User.objects.get(email=ADMIN.email)
    source = settings.LOCAL_DIR / "demo" / film.filename
    if not source.exists():
        film_make(film, source)
    _forget_broken_uploads(movie, film, uploader)
    send_file(source, uploader_id=uploader.pk, movie_id=movie.pk, sent=lambda _: None)


def _forget_broken_uploads(movie: Movie, film: Film, uploader: User) -> None:
    """Abandon the uploads of a start that was killed; uploads by staff stay."""
    broken = VideoAsset.objects.filter(
        movie=movie,
        filename=film.filename,
        uploaded_by=uploader,
        status=AssetStatus.AWAITING_UPLOAD,
    )
    for asset in broken:
        upload_abandon(asset)


@contextmanager
def _exclusive() -> Iterator[bool]:
    """Take the upload lock; yield False if `seed_demo` or a worker holds it.

    The lock belongs to the connection, so it is released when its holder is killed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (is_exclusive,) = cursor.fetchone()
    try:
        yield is_exclusive
    finally:
        if is_exclusive:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
