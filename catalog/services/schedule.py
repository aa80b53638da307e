"""Scheduled changes of films: publication, and licences that begin or end.

Every step reads the row again under its lock, so that two sweeps at once, or one that was
interrupted, do each thing once.
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
    """Schedule a publication; None cancels it.

    Raises:
        InvalidInput: the film is published, or the time has passed.
    """
    movie = row_lock(movie, what="film")
    old = movie.publish_at
    movie.publish_at = publish_at
    if publish_at is not None:
        schedule_check(movie, now=now)
    if old != publish_at:
        movie.save(update_fields=["publish_at", "updated_at"])
        audit_write(
            "movie.schedule", movie, old={"publish_at": old}, new={"publish_at": publish_at}
        )
    return movie


def movies_due(now: datetime) -> QuerySet[Movie]:
    """Return films to publish: the time has come, they are playable, and no claim is in force."""
    due = Movie.objects.filter(published=False, playable=True, publish_at__lte=now)
    return due.exclude(DOWN)


def movies_publish_due(*, now: datetime) -> int:
    """Publish films that are due; return how many."""
    ids = list(movies_due(now).order_by("publish_at").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_publish_due(movie_id, now=now) for movie_id in ids)


@transaction.atomic
def _publish_due(movie_id: UUID, *, now: datetime) -> bool:
    movie = _lock_if_free(movie_id)
    if movie is None or not movies_due(now).filter(pk=movie_id).exists():
        return False
    with opened(RequestContext()):  # the system publishes it, so the audit log names no person
        movie_publish(movie, now=now)
    return True


def _lock_if_free(movie_id: UUID) -> Movie | None:
    """Lock the film; None where another sweep or an editor holds it, or it was deleted."""
    rows = Movie.objects.select_for_update(of=("self",), skip_locked=True)
    return rows.filter(pk=movie_id).first()


def licences_turned(now: datetime) -> QuerySet[Movie]:
    """Return films whose licence window opened or closed since the last sweep."""
    begun = Q(licence_starts_at=None) | Q(licence_starts_at__lte=now)
    over = Q(licence_ends_at__lte=now)
    shut = Q(licence_open=True) & (over | Q(licence_starts_at__gt=now))
    return Movie.objects.filter(shut | (Q(licence_open=False) & begun & ~over))


def licences_review(*, now: datetime) -> int:
    """Announce films whose licence turned, to check their viewers again; return how many."""
    ids = list(licences_turned(now).values_list("pk", flat=True)[:AT_ONCE])
    return sum(_licence_turn(movie_id, now=now) for movie_id in ids)


@transaction.atomic
def _licence_turn(movie_id: UUID, *, now: datetime) -> bool:
    """Compare and swap, so that one of two sweeps announces the change."""
    turned = licences_turned(now).select_for_update(skip_locked=True, of=("self",))
    movie = turned.filter(pk=movie_id).first()
    if movie is None:
        return False
    Movie.objects.filter(pk=movie_id).update(licence_open=not movie.licence_open)
    emit(MovieTermsChanged(movie_id=movie_id))
    return True
