"""What providers told us, word for word, before anything is made of it."""

from django.db import models
from django.utils import timezone

from kushfilms.core.models import UUIDModel


class EventState(models.TextChoices):
    RECEIVED = "RECEIVED"
    DONE = "DONE"
    FAILED = "FAILED"


class ProviderEvent(UUIDModel):
    """One event of a webhook, or an object we fetched ourselves, under its own unique id.

    Every row is a version of one object. Which version counts is decided by its content
    (`billing.sync.versions`), never by arrival, so the inbox as a whole says what the mirror holds.
    """

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=150)
    type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=100, blank=True)
    customer_id = models.CharField(max_length=100, blank=True)
    version_at = models.BigIntegerField()  # the provider's clock, in seconds
    fetched = models.BooleanField(default=False)  # asked for by us, so at least that new
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
            # All of a person's, for the rebuild and for their erasure.
            models.Index(fields=["customer_id"], name="event_by_customer"),
            # The back office's list, and what waits or has failed.
            models.Index(fields=["-received_at"], name="event_newest"),
            models.Index(
                fields=["received_at"],
                name="event_not_done",
                condition=models.Q(state__in=["RECEIVED", "FAILED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.object_id}"
