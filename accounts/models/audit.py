"""Audit log of staff's actions."""

from typing import Any

from django.db import models
from django.utils import timezone

from kushfilms.core.models import UUIDModel


class AuditLog(UUIDModel):
    """A write by staff. Triggers in the database prevent changing or deleting a row.

    No foreign keys: the log outlives the rows it names. The only change that the triggers allow is
    to blank the data of an erased person (migration `0003_audit_triggers`).
    """

    created_at = models.DateTimeField(default=timezone.now)
    # None: the system itself, or an operator's command.
    actor_id = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=12, blank=True)
    action = models.CharField(max_length=60)  # "user.ban"
    entity = models.CharField(max_length=60)  # "accounts.User"
    entity_id = models.CharField(max_length=64)
    label = models.CharField(max_length=200, blank=True)  # the entity's name at that moment
    old_values = models.JSONField(default=dict)
    new_values = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "audit log entry"
        verbose_name_plural = "audit log"
        indexes = [
            # The log itself, newest first.
            models.Index(fields=["-created_at"], name="audit_newest"),
            # The history of one row, on its page.
            models.Index(fields=["entity", "entity_id", "-created_at"], name="audit_by_entity"),
            # The actions of one member of staff.
            models.Index(fields=["actor_id", "-created_at"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.label or self.entity_id}"

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """Return (field, before, after) of every field of this entry."""
        names = dict.fromkeys([*self.old_values, *self.new_values])
        return [(name, self.old_values.get(name), self.new_values.get(name)) for name in names]
