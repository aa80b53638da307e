"""Copyright claims: sworn by anyone, decided by staff, and reversible.

While an accepted claim is in force no one can publish the film: `films.movie_publish` checks it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Actor, Role
from accounts.services.audit import audit_write
from accounts.services.notifications import notification_create
from catalog.events import MovieTakenDown
from catalog.models import Movie, TakedownNotice, TakedownStatus
from catalog.selectors.takedowns import movie_claimed
from catalog.services.films import movie_publish, movie_unpublish, takedown_in_force
from kushfilms.core.errors import InvalidInput, NotFound, WrongState
from kushfilms.core.events import emit
from kushfilms.core.mail import mail_enqueue


@transaction.atomic
def takedown_submit(*, film: str, values: Mapping[str, Any], now: datetime) -> TakedownNotice:
    """File a claim. `film` is the address of the film's page, its id, or its title.

    Raises:
        InvalidInput: no such film, several of that title, not sworn, or a field does not fit.
    """
    movie = movie_claimed(film)
    notice = TakedownNotice(movie=movie, movie_title=movie.title, created_at=now, **values)
    if not (notice.sworn_good_faith and notice.sworn_accurate):
        fault = "We can only act on a sworn claim."
        raise InvalidInput(fault, fields={"sworn_accurate": [fault]})
    # A second undecided claim like this one means that the button was pressed twice.
    undecided = TakedownNotice.objects.filter(movie=movie, status=TakedownStatus.RECEIVED)
    own = undecided.filter(claimant_email__iexact=notice.claimant_email)
    if duplicate := own.filter(work=notice.work).first():
        return duplicate
    try:
        notice.full_clean(validate_constraints=False)
    except ValidationError as exc:
        raise InvalidInput("Check the marked fields.", fields=exc.message_dict) from exc
    notice.save(force_insert=True)
    _mail(notice, "received")
    for person in User.objects.filter(role__in=[Role.ADMIN, Role.SUPER_ADMIN], is_banned=False):
        notification_create(
            person,
            title="New copyright claim",
            message=f"{notice.claimant_name} claims that “{notice.movie_title}” is their work.",
            action_url=f"/admin/catalog/takedownnotice/{notice.pk}/change/",
        )
    return notice


@transaction.atomic
def takedown_accept(
    notice: TakedownNotice, *, note: str, by: Actor, now: datetime
) -> TakedownNotice:
    """Accept a claim; the film is hidden at once, for current viewers, too. Raises WrongState."""
    notice = _notice_lock(notice, TakedownStatus.RECEIVED)
    movie = _movie_lock(notice)
    notice.took_off_air = movie.published
    notice.stopped_automatic_publication = movie.publish_when_ready
    # A deleted film is hidden already; the claim keeps it hidden after it is restored.
    if movie.deleted_at is None:
        movie_unpublish(movie, reason=f"Copyright claim {notice.pk}")
    Movie.every.filter(pk=movie.pk).update(publish_when_ready=False)
    _decide(notice, TakedownStatus.ACCEPTED, note=note, by=by, now=now)
    emit(MovieTakenDown(movie_id=movie.pk, title=movie.title, down=True))
    return notice


@transaction.atomic
def takedown_reject(
    notice: TakedownNotice, *, note: str, by: Actor, now: datetime
) -> TakedownNotice:
    """Reject a claim. Raises WrongState, or InvalidInput without a note for the claimant."""
    _need_note(note)
    notice = _notice_lock(notice, TakedownStatus.RECEIVED)
    _decide(notice, TakedownStatus.REJECTED, note=note, by=by, now=now)
    return notice


def _decide(
    notice: TakedownNotice,
    status: TakedownStatus,
    *,
    note: str,
    by: Actor,
    now: datetime,
) -> None:
    old = {"status": notice.status}
    notice.status = status
    notice.decided_at = now
    notice.decision_note = note.strip()[:1000]
    notice.decided_by_id = by.id
    notice.save()
    verb = "accept" if status == TakedownStatus.ACCEPTED else "reject"
    audit_write(f"takedown.{verb}", notice, old=old, new={"status": status}, reason=note)
    _mail(notice, status.lower())


@transaction.atomic
def takedown_reverse(notice: TakedownNotice, *, note: str, now: datetime) -> TakedownNotice:
    """Reverse an accepted claim after a counter-notice: restore exactly what it changed.

    Where another accepted claim on the film is in force, that one inherits what is to be restored.

    Raises:
        WrongState: the claim is not accepted.
        InvalidInput: without a note.
    """
    _need_note(note)
    notice = _notice_lock(notice, TakedownStatus.ACCEPTED)
    notice.status = TakedownStatus.REVERSED
    notice.reversed_at = now
    notice.reversal_note = note.strip()[:1000]
    notice.save(update_fields=["status", "reversed_at", "reversal_note"])
    if notice.movie is not None:
        _restore(notice, _movie_lock(notice), now=now)
    old = {"status": TakedownStatus.ACCEPTED}
    new = {"status": TakedownStatus.REVERSED}
    audit_write("takedown.reverse", notice, old=old, new=new, reason=note)
    _mail(notice, "reversed")
    return notice


def _restore(notice: TakedownNotice, movie: Movie, *, now: datetime) -> None:
    if takedown_in_force(movie):
        other = TakedownNotice.objects.filter(movie=movie, status=TakedownStatus.ACCEPTED)
        heir = other.order_by("decided_at", "pk").select_for_update().first()
        if heir:
            heir.took_off_air |= notice.took_off_air
            heir.stopped_automatic_publication |= notice.stopped_automatic_publication
            heir.save(update_fields=["took_off_air", "stopped_automatic_publication"])
        return
    waits = notice.took_off_air and not movie.playable  # it returns as soon as it is playable
    if movie.deleted_at is not None:
        return  # staff decide about it when they restore it
    if notice.stopped_automatic_publication or waits:
        Movie.objects.filter(pk=movie.pk).update(publish_when_ready=True)
    if notice.took_off_air and movie.playable:
        movie_publish(movie, now=now)
    emit(MovieTakenDown(movie_id=movie.pk, title=movie.title, down=False))


def _notice_lock(notice: TakedownNotice, status: TakedownStatus) -> TakedownNotice:
    """Return the claim, locked, if it has this status. Raises WrongState, NotFound."""
    rows = TakedownNotice.objects.select_for_update(of=("self",)).select_related("movie")
    locked = rows.filter(pk=notice.pk).first()
    if locked is None:
        raise NotFound("There is no such claim.")
    if locked.status != status:
        state = locked.get_status_display().lower()
        message = _("This claim is %(status)s already.") % {"status": state}
        raise WrongState(message, code="already_decided")
    return locked


def _movie_lock(notice: TakedownNotice) -> Movie:
    """Return the film, locked: two claims on one film are decided one after the other."""
    movies = Movie.every.select_for_update()
    movie = movies.filter(pk=notice.movie_id).first() if notice.movie_id else None
    if movie is None:
        raise WrongState("The film was removed for good. Reject the claim.", code="film_gone")
    return movie


def _need_note(note: str) -> None:
    if not note.strip():
        fault = "Give a reason: the claimant will read it."
        raise InvalidInput(fault, fields={"note": [fault]})


def _mail(notice: TakedownNotice, news: str) -> None:
    mail_enqueue("takedown", {"notice": str(notice.pk), "news": news}, key=f"{notice.pk}:{news}")
