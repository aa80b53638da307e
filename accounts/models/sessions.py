"""Sessions, the sign-ins of people."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import JSONField, Value
from django.utils import timezone

from accounts.devices import device_name
from accounts.models.people import User
from kushfilms.core.countries import country_name
from kushfilms.core.models import UUIDModel


class SessionKind(models.TextChoices):
    WEB = "WEB"
    API = "API"


class SessionQuerySet(models.QuerySet["Session"]):
    def live(self, now: datetime | None = None) -> "SessionQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=now or timezone.now())


class Session(UUIDModel):
    """A sign-in on one device; the row is also the family of its refresh tokens."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField(max_length=3, choices=SessionKind.choices)
    device_name = models.CharField(max_length=120, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    country = models.CharField(max_length=2, blank=True)  # at the sign-in, as our CDN reported it
    # The only valid refresh token.
    refresh_jti = models.UUIDField(default=uuid.uuid4)
    # Tokens spent within the last minute, oldest first, each with the second of its use: their
    # holders get the same successor. An older token of the family means theft.
    spent_tokens = models.JSONField(default=list, blank=True, db_default=Value([], JSONField()))
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    # Signed in with a second factor, or set one up in this session.
    second_factor = models.BooleanField(default=False, db_default=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=40, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        indexes = [
            # A person's list of devices, and revoking them all at a ban.
            models.Index(
                fields=["user", "-last_seen_at"],
                name="session_live_by_user",
                condition=models.Q(revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_name or self.kind} of {self.user_id}"

    @property
    def device(self) -> str:
        """Return a name by which its owner may recognise the device."""
        return device_name(given=self.device_name, user_agent=self.user_agent)

    @property
    def place(self) -> str:
        """Return the country of the sign-in, or an empty string."""
        return country_name(self.country)
