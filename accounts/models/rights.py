"""What the Data Protection and Privacy Act, 2019 and the GDPR give people."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from kushfilms.core.models import UUIDModel


class ConsentPurpose(models.TextChoices):
    TERMS = "TERMS", _("Terms")
    PRIVACY = "PRIVACY", _("Privacy")
    MARKETING_EMAIL = "MARKETING_EMAIL", _("Mail about new films")
    ANALYTICS = "ANALYTICS", _("Counting visits")


class Consent(UUIDModel):
    """Someone agreed, or took it back. The latest row of a purpose counts; none is changed."""

    # Kept without the person after an erasure: that consent was given must stay provable.
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="consents")
    purpose = models.CharField(max_length=16, choices=ConsentPurpose.choices)
    version = models.CharField(max_length=20)  # of the text agreed to: its date
    granted = models.BooleanField()
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            # Where a person stands today, by purpose.
            models.Index(fields=["user", "purpose", "-created_at"], name="consent_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version} {'given' if self.granted else 'withdrawn'}"


class ExportStatus(models.TextChoices):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    READY = "READY"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


class DataExport(UUIDModel):
    """A ZIP of everything held on a person, made by a job, fetched by a signed link."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="data_exports")
    status = models.CharField(
        max_length=7, choices=ExportStatus.choices, default=ExportStatus.QUEUED
    )
    object_key = models.CharField(max_length=200, blank=True)
    total_bytes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(status__in=["QUEUED", "RUNNING"]),
                name="one_export_under_way_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.status} of {self.user_id}"
