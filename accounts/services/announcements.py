"""Announcements of staff to many people at once."""

from uuid import UUID

from django.db import transaction

from accounts.models import AuditLog, Notification
from accounts.services.audit import audit_write
from accounts.services.bulk_notifications import notification_fan_out

ACTION = "notification.announce"


@transaction.atomic
def announcement_send(
    announcement_id: UUID, *, audience: str, title: str, message: str, action_url: str
) -> None:
    """Notify an audience in the background; the same id again, from a second click, is ignored."""
    notice = Notification(pk=announcement_id, title=title)  # not saved: the audit log's entity
    earlier = AuditLog.objects.filter(entity=notice._meta.label, entity_id=str(announcement_id))
    if earlier.filter(action=ACTION).exists():
        return
    new = {"audience": audience, "title": title, "message": message, "action_url": action_url}
    audit_write(ACTION, notice, new=new)
    notification_fan_out(
        audience, key=announcement_id.hex, title=title, message=message, action_url=action_url
    )
