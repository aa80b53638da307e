"""What happens to films by the clock: going public, and a licence that begins or ends.

Every step asks the row again under its lock, so two sweeps at once, or one that died halfway, do
each thing once.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.services.audit import audit_write
from catalog.events import MovieTermsChanged
from catalog.models import Movie, TakedownStatus
from catalog.services.edits import row_lock
from catalog.services.film_edits import schedule_check
from catalog.services.films import movie_publish
from kushfilms.core.context import RequestContext, opened
from kushfilms.core.events import emit

AT_ONCE = 200
DOWN = Q(takedowns__status=TakedownStatus.ACCEPTED)


@transaction.atomic
def movie_schedule(movie: Movie, *, publish_at: datetime | None, now: datetime) -> Movie:
    """Have it go public by itself at a moment to come; None: not by the clock.

    Raises:
        InvalidInput: it is public, or the moment is past.
    """
    movie = row_lock(movie, what="film")
    old, movie.publish_at = movie.publish_at, publish_at
    if publish_at is not None:
        schedule_check(movie, now=now)
    if old != publish_at:
        movie.save(update_fields=["publish_at", "updated_at"])
        audit_write(
            "movie.schedule", movie, old={"publish_at": old}, new={"publish_at": publish_at}
        )
    return movie


def movies_due(now: datetime) -> QuerySet[Movie]:
    """To be published: the moment has come, there is something to play, and no claim stands."""
    due = Movie.objects.filter(published=False, playable=True, publish_at__lte=now)
    return due.exclude(DOWN)


def movies_publish_due(*, now: datetime) -> int:
    """Publish what is due; how many."""
    ids = list(movies_due(now).order_by("publish_at").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_publish_due(movie_id, now=now) for movie_id in ids)


@transaction.atomic
def _publish_due(movie_id: UUID, *, now: datetime) -> bool:
    movie = _lock_if_free(movie_id)
    if movie is None or not movies_due(now).filter(pk=movie_id).exists():
        return False
    with opened(RequestContext()):  # the system does it
        movie_publish(movie, now=now)
    return True


def _lock_if_free(movie_id: UUID) -> Movie | None:
    """None: another sweep or an editor is at it, or it is gone."""
    rows = Movie.objects.select_for_update(of=("self",), skip_locked=True)
    return rows.filter(pk=movie_id).first()


def licences_turned(now: datetime) -> QuerySet[Movie]:
    """Films whose licence window opened or closed since the last look."""
    begun = Q(licence_starts_at=None) | Q(licence_starts_at__lte=now)
    over = Q(licence_ends_at__lte=now)
    shut = Q(licence_open=True) & (over | Q(licence_starts_at__gt=now))
    return Movie.objects.filter(shut | (Q(licence_open=False) & begun & ~over))


def licences_review(*, now: datetime) -> int:
    """Whoever watches such a film is asked again; how many films it was."""
    ids = list(licences_turned(now).values_list("pk", flat=True)[:AT_ONCE])
    return sum(_licence_turn(movie_id, now=now) for movie_id in ids)


@transaction.atomic
def _licence_turn(movie_id: UUID, *, now: datetime) -> bool:
    """Compare-and-swap: of two sweeps one tells."""
    turned = licences_turned(now).select_for_update(skip_locked=True, of=("self",))
    movie = turned.filter(pk=movie_id).first()
    if movie is None:
        return False
    Movie.objects.filter(pk=movie_id).update(licence_open=not movie.licence_open)
    emit(MovieTermsChanged(movie_id=movie_id))
    return True
