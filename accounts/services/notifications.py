"""Notifications of a person: always in their list, by mail if they want that."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Func, Value

from accounts.models import Notification, NotificationType, User
from accounts.services.consents import consent_by_preference
from accounts.services.unread import unread_forget
from kushfilms.core.errors import NotFound
from kushfilms.core.mail import mail_enqueue

MAIL = "notification"


@transaction.atomic
def notification_create(
    user: User,
    *,
    title: str,
    message: str,
    kind: NotificationType = NotificationType.SYSTEM,
    action_url: str = "",
    metadata: dict[str, Any] | None = None,
    mail: bool = True,
) -> Notification:
    """Notify a person. `action_url` is a path of this site; `mail=False`: another mail is sent."""
    notification = Notification.objects.create(
        user=user,
        type=kind,
        title=title[:200],
        message=message[:2000],
        action_url=action_url,
        metadata=metadata or {},
    )
    unread_forget([user.pk])
    if mail and user_wants_mail(user, kind=kind):
        mail_enqueue(MAIL, {"notification": str(notification.pk)})
    return notification


def user_wants_mail(user: User, *, kind: str) -> bool:
    """Return whether a person gets mail of this sort, and can get mail at all."""
    reachable = user.email_verified and not user.is_banned and user.erased_at is None
    return reachable and kind in user.emailed_types


@transaction.atomic
def notification_read(notification_id: UUID, *, user_id: UUID, now: datetime) -> Notification:
    """Mark a person's own notification as read and return it. Raises NotFound."""
    rows = Notification.objects.filter(pk=notification_id, user_id=user_id)
    if rows.filter(read_at=None).update(read_at=now):
        unread_forget([user_id])
    notification = rows.first()
    if notification is None:
        raise NotFound("Notification not found.")
    return notification


@transaction.atomic
def notifications_read(*, user_id: UUID, now: datetime) -> None:
    """Mark all notifications of a person as read."""
    if Notification.objects.filter(user_id=user_id, read_at=None).update(read_at=now):
        unread_forget([user_id])


@transaction.atomic
def mail_stop(*, user_id: UUID, kind: NotificationType) -> None:
    """Stop a sort of mail. Idempotent."""
    without = Func(F("emailed_types"), Value(kind), function="array_remove")
    wanted = User.objects.filter(pk=user_id, emailed_types__contains=[kind])
    if wanted.update(emailed_types=without) and kind == NotificationType.NEW_CONTENT:
        consent_by_preference(user_id, emailed_types=[])
