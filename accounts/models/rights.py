"""Rights of people by the Data Protection and Privacy Act, 2019 and the GDPR."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from kushfilms.core.models import UUIDModel


class ConsentPurpose(models.TextChoices):
    TERMS = "TERMS", _("Terms")
    PRIVACY = "PRIVACY", _("Privacy")
    MARKETING_EMAIL = "MARKETING_EMAIL", _("E-mail about new films")
    ANALYTICS = "ANALYTICS", _("Analytics cookies")


class Consent(UUIDModel):
    """A consent given or withdrawn. The latest row of a purpose counts; no row is changed."""

    # The row stays without the person after an erasure, as a consent must remain provable.
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="consents")
    purpose = models.CharField(max_length=16, choices=ConsentPurpose.choices)
    version = models.CharField(max_length=20)  # of the text agreed to: its date
    granted = models.BooleanField()
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            # A person's current answers, by purpose.
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
    """A ZIP of all data on a person, made by a job, downloaded by a signed link."""

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
