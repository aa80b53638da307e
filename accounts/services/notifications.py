"""Telling people things, in their list."""

from typing import Any

from accounts.models import Notification, NotificationType, User


def notification_create(
    user: User,
    *,
    title: str,
    message: str,
    kind: NotificationType = NotificationType.SYSTEM,
    action_url: str = "",
    metadata: dict[str, Any] | None = None,
) -> Notification:
    return Notification.objects.create(
        user=user,
        type=kind,
        title=title[:200],
        message=message[:2000],
        action_url=action_url,
        metadata=metadata or {},
    )
