"""Base classes of all models, and the ledger of background jobs."""

import uuid

from django.db import models
from django.utils import timezone

from kushfilms.core.leases import LeasedModel


class UUIDModel(models.Model):
    """A row with a random id, which reveals nothing about other rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class TimestampedModel(models.Model):
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class JobLane(models.TextChoices):
    """Lane of a job. Long jobs have their own workers, so a mail never waits for an export."""

    QUICK = "QUICK"
    LONG = "LONG"


class JobState(models.TextChoices):
    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class Job(UUIDModel, LeasedModel):
    """A background job, worked on under a lease. Celery only wakes the workers."""

    kind = models.CharField(max_length=60)
    lane = models.CharField(max_length=5, choices=JobLane.choices, default=JobLane.QUICK)
    # Only one waiting job of a kind and key is stored. Empty: no such rule.
    key = models.CharField(max_length=120, blank=True)
    payload = models.JSONField(default=dict, blank=True)  # ids and choices, never a secret
    state = models.CharField(max_length=7, choices=JobState.choices, default=JobState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField(default=timezone.now)  # first attempt
    not_before = models.DateTimeField(default=timezone.now)  # next attempt
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(state="WAITING") & ~models.Q(key=""),
                name="one_waiting_job_a_key",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="RUNNING") | models.Q(lease_expires_at__isnull=False),
                name="running_job_has_a_lease",
            ),
        ]
        indexes = [
            # The claim: the job that has been due longest in a lane.
            models.Index(
                fields=["lane", "not_before"],
                name="job_to_claim",
                condition=models.Q(state__in=["WAITING", "RUNNING"]),
            ),
            # The sweep of finished jobs.
            models.Index(
                fields=["finished_at"],
                name="job_over",
                condition=models.Q(state__in=["DONE", "FAILED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key or self.pk}"
