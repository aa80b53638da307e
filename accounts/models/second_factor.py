"""Second factor at sign-in (TOTP, RFC 6238)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.models.people import User
from kushfilms.core.models import UUIDModel


class Totp(UUIDModel):
    """A person's authenticator app, in use once `confirmed_at` is set."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="totp")
    sealed_secret = models.CharField(max_length=300)  # encrypted, so a stolen dump is useless
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # The 30-second step of the last accepted code, as a code is valid once.
    last_step = models.BigIntegerField(default=0)
    # SHA-256, hexadecimal; each is removed when used.
    recovery_code_hashes = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    # Tries within the window that began at `tries_from`, as a machine could try all million codes.
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    tries_from = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"authenticator of {self.user_id}"
