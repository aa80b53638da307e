"""One film after another goes the road of every upload, each made just before it is sent."""

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

LOCK = 0x4B757368  # any number; PostgreSQL's advisory locks know nothing else


def film_send_next() -> Film | None:
    """Send the first film that has not arrived. None: all have, or another process is at it.

    Raises:
        EncodingError: the source could not be made.
        StorageError: storage is away; the next call begins with the same film.
    """
    with _alone() as alone:
        unsent = films_unsent() if alone else []
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
    """What a killed start has left of its own; an editor's upload in progress stays."""
    broken = VideoAsset.objects.filter(
        movie=movie,
        filename=film.filename,
        uploaded_by=uploader,
        status=AssetStatus.AWAITING_UPLOAD,
    )
    for asset in broken:
        upload_abandon(asset)


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else sends: `seed_demo` and a worker may want to at the same time.

    The lock belongs to the connection, so it goes when its holder is killed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
