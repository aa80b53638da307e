"""Short-lived grants: links in mails, and codes of TVs."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.people import User
from kushfilms.core.models import UUIDModel


class TokenPurpose(models.TextChoices):
    VERIFY_EMAIL = "VERIFY_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105  a purpose, not a secret
    CHANGE_EMAIL = "CHANGE_EMAIL"
    UNDO_EMAIL = "UNDO_EMAIL"


class OneTimeToken(UUIDModel):
    """A link in a mail: single use, expiring, stored as a hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="one_time_tokens")
    purpose = models.CharField(max_length=20, choices=TokenPurpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    # The address it was sent to, as it proves nothing about a later one. Of UNDO_EMAIL it is the
    # address that the account gets back.
    email = models.EmailField(max_length=254)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # Spending all of a person's tokens of one purpose at once.
            models.Index(
                fields=["user", "purpose"],
                name="one_time_token_unused",
                condition=Q(used_at=None),
            ),
            # Whether this address is reserved for a person who may still undo a change.
            models.Index(
                fields=["email"],
                name="one_time_token_kept_address",
                condition=Q(used_at=None, purpose="UNDO_EMAIL"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.user_id}"


class DeviceGrantState(models.TextChoices):
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    DENIED = "DENIED"
    REDEEMED = "REDEEMED"


class DeviceGrant(UUIDModel):
    """A TV that waits for its code to be typed (RFC 8628)."""

    device_code_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    user_code = models.CharField(max_length=8)  # without the dash that is shown
    state = models.CharField(
        max_length=8, choices=DeviceGrantState.choices, default=DeviceGrantState.PENDING
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    device_name = models.CharField(max_length=120, blank=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)
    interval_seconds = models.PositiveSmallIntegerField(default=5)
    last_polled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user_code"],
                condition=Q(state=DeviceGrantState.PENDING),
                name="one_waiting_device_a_code",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PENDING", "DENIED"]) | Q(user__isnull=False),
                name="granted_device_has_a_person",
            ),
        ]
        indexes = [
            # The sweep of expired grants.
            models.Index(fields=["expires_at"], name="device_grant_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.user_code} {self.state}"
