"""Fan-out of one notification to thousands of people, in batches, once each.

A batch and the progress of its job are one transaction, under the job's lease: a worker that dies
leaves neither, and one that lost its lease can write neither. If the same fan-out is enqueued
twice, a constraint prevents a second row, and only people with a new row get a mail.
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
    """Register the queryset of an audience, a function of the fan-out's `about` (decorator)."""

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
    """Notify an audience after the transaction commits, each person once per `key`.

    A key has at most 64 characters. Raises LookupError for an unknown audience.
    """
    if audience not in _audiences:
        raise LookupError(audience)
    content = {
        "type": kind,
        "title": title[:200],
        "message": message[:2000],
        "action_url": action_url,
        "metadata": metadata or {},
        "fan_out_key": key,
    }
    job_enqueue(JOB, {"audience": audience, "about": about or {}, "said": content}, key=key)


@job_kind(JOB, lane=JobLane.LONG)
def fan_out(job: Running) -> None:
    """Notify an audience, a thousand people in each transaction. Raises LeaseLost."""
    while True:
        payload = job.payload
        people = _audiences[payload["audience"]](payload["about"])
        people = people.filter(is_banned=False, erased_at=None)
        if after := payload.get("after"):
            people = people.filter(pk__gt=after)
        with transaction.atomic():
            batch = list(people.order_by("pk")[:BATCH])
            if not batch:
                return
            _notify(batch, payload["said"])
            job.checkpoint(after=str(batch[-1].pk))


def _notify(people: list[User], content: Payload) -> None:
    rows = {user.pk: Notification(user=user, **content) for user in people}
    Notification.objects.bulk_create(rows.values(), ignore_conflicts=True)
    ids = [row.pk for row in rows.values()]
    # Only the new rows: a person with a row of an earlier fan-out of this key keeps that row's id.
    notified = set(Notification.objects.filter(pk__in=ids).values_list("user_id", flat=True))
    unread_forget(notified)
    wanting = [
        rows[user.pk]
        for user in people
        if user.pk in notified and user_wants_mail(user, kind=content["type"])
    ]
    mails_enqueue(MAIL, [{"notification": str(row.pk)} for row in wanting])
