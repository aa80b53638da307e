"""Telling thousands the same thing, a batch at a time, and nobody twice.

A batch and the note how far it got are one transaction, under the job's lease: a worker that dies
leaves neither, one that lost its lease can write neither. Should the same fan-out be asked for
twice, the database knows who was told already, and only who is told now gets a mail.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Notification, NotificationType, User
from accounts.roles import Role
from accounts.services.notifications import MAIL, user_wants_mail
from accounts.services.unread import unread_forget
from kushfilms.core.jobs import Payload, Running, job_enqueue, job_kind
from kushfilms.core.mail import mails_enqueue
from kushfilms.core.models import JobLane

BATCH = 1000
JOB = "notification_fan_out"

Audience = Callable[[Payload], QuerySet[User]]
_audiences: dict[str, Audience] = {}


def audience_kind(name: str) -> Callable[[Audience], Audience]:
    """Decorator: who is meant by this name. What `about` a fan-out was given, it gets."""

    def register(audience: Audience) -> Audience:
        _audiences[name] = audience
        return audience

    return register


@audience_kind("everyone")
def everyone(about: Payload) -> QuerySet[User]:
    return User.objects.all()


@audience_kind("staff")
def staff(about: Payload) -> QuerySet[User]:
    return User.objects.exclude(role=Role.USER)


def notification_fan_out(
    audience: str,
    *,
    key: str,
    title: str,
    message: str,
    kind: NotificationType = NotificationType.SYSTEM,
    action_url: str = "",
    metadata: dict[str, Any] | None = None,
    about: Payload | None = None,
) -> None:
    """Tell an audience once the transaction is committed; with one `key` (at most 64 characters)
    everybody once, however often it is asked for. Raises LookupError for an unknown audience.
    """
    if audience not in _audiences:
        raise LookupError(audience)
    said = {
        "type": kind,
        "title": title[:200],
        "message": message[:2000],
        "action_url": action_url,
        "metadata": metadata or {},
        "fan_out_key": key,
    }
    job_enqueue(JOB, {"audience": audience, "about": about or {}, "said": said}, key=key)


@job_kind(JOB, lane=JobLane.LONG)
def fan_out(job: Running) -> None:
    while _tell_batch(job):
        pass


def _tell_batch(job: Running) -> bool:
    """The next thousand; False when all have been told. Raises LeaseLost."""
    payload = job.payload
    people = _audiences[payload["audience"]](payload["about"])
    people = people.filter(is_banned=False, erased_at=None)
    if after := payload.get("after"):
        people = people.filter(pk__gt=after)
    with transaction.atomic():
        batch = list(people.order_by("pk")[:BATCH])
        if batch:
            _tell(batch, payload["said"])
            job.checkpoint(after=str(batch[-1].pk))
    return bool(batch)


def _tell(people: list[User], said: Payload) -> None:
    rows = {user.pk: Notification(user=user, **said) for user in people}
    Notification.objects.bulk_create(rows.values(), ignore_conflicts=True)
    ids = [row.pk for row in rows.values()]
    # Ours alone: whom an earlier fan-out with this key has told keeps that row, with its own id.
    told = set(Notification.objects.filter(pk__in=ids).values_list("user_id", flat=True))
    unread_forget(told)
    wanting = [
        rows[user.pk]
        for user in people
        if user.pk in told and user_wants_mail(user, kind=said["type"])
    ]
    mails_enqueue(MAIL, [{"notification": str(row.pk)} for row in wanting])
