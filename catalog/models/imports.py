"""Sheets of films that staff sent in, with the result of their check."""

from django.db import models
from django.utils import timezone

from kushfilms.core.models import UUIDModel


class ImportState(models.TextChoices):
    CHECKING = "CHECKING", "Checking"
    FAULTY = "FAULTY", "Has errors"
    CHECKED = "CHECKED", "Ready to apply"
    APPLYING = "APPLYING", "Applying"
    APPLIED = "APPLIED", "Applied"
    FAILED = "FAILED", "Failed"


class MovieImport(UUIDModel):
    """One sheet. Its file stays in storage until it is applied, or for a week."""

    filename = models.CharField(max_length=200)
    key = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=8, choices=ImportState.choices, default=ImportState.CHECKING
    )
    # {"new", "changed", "same", "count", "faults": [[row, column, message]], "message"}
    report = models.JSONField(default=dict)
    # The sender, for the audit log of the import. Not a foreign key: the log outlives accounts.
    actor_id = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "import of films"
        verbose_name_plural = "imports of films"
        indexes = [models.Index(fields=["-created_at"], name="import_newest")]

    def __str__(self) -> str:
        return self.filename
