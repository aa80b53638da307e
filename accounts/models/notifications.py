"""Notifications of people."""

from django.db import models
from django.utils import timezone

from accounts.models.people import User
from kushfilms.core.models import UUIDModel


class NotificationType(models.TextChoices):
    NEW_CONTENT = "NEW_CONTENT"
    SUBSCRIPTION_RENEWAL = "SUBSCRIPTION_RENEWAL"
    SUBSCRIPTION_CANCELED = "SUBSCRIPTION_CANCELED"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    COMMENT_REPLY = "COMMENT_REPLY"
    SYSTEM = "SYSTEM"


class Notification(UUIDModel):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    type = models.CharField(max_length=24, choices=NotificationType.choices)
    title = models.CharField(max_length=200)
    message = models.TextField(max_length=2000)
    action_url = models.CharField(max_length=500, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    # The key of a fan-out, of which a person gets one row.
    fan_out_key = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "fan_out_key"],
                condition=~models.Q(fan_out_key=""),
                name="told_once_by_a_fan_out",
            ),
        ]
        indexes = [
            # A person's list, newest first.
            models.Index(fields=["user", "-created_at"], name="notification_by_user"),
            # The count on the bell.
            models.Index(
                fields=["user"], name="notification_unread", condition=models.Q(read_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.title
