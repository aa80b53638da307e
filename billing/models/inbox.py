"""Inbox of provider events, stored verbatim before they are applied."""

from django.db import models
from django.utils import timezone

from kushfilms.core.models import UUIDModel


class EventState(models.TextChoices):
    RECEIVED = "RECEIVED"
    DONE = "DONE"
    FAILED = "FAILED"


class ProviderEvent(UUIDModel):
    """Event of a webhook, or an object fetched from the API, under its own unique id.

    Every row is a version of one object. Its content decides which version counts
    (`billing.sync.versions`), never the order of arrival, so the inbox as a whole determines the
    mirror.
    """

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=150)
    type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=100, blank=True)
    customer_id = models.CharField(max_length=100, blank=True)
    version_at = models.BigIntegerField()  # the provider's clock, in seconds
    fetched = models.BooleanField(default=False)  # read from the API, so at least that new
    payload = models.JSONField()
    state = models.CharField(max_length=8, choices=EventState.choices, default=EventState.RECEIVED)
    last_error = models.CharField(max_length=500, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "provider event"
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="event_is_stored_once"),
        ]
        indexes = [
            # The newest version of an object.
            models.Index(fields=["object_id", "-version_at"], name="event_by_object"),
            # All events of a customer, for the rebuild and for an erasure.
            models.Index(fields=["customer_id"], name="event_by_customer"),
            # The admin's list, newest first; and the events that wait or have failed.
            models.Index(fields=["-received_at"], name="event_newest"),
            models.Index(
                fields=["received_at"],
                name="event_not_done",
                condition=models.Q(state__in=["RECEIVED", "FAILED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.object_id}"
