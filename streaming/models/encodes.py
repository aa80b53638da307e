"""Runs of the pipeline: the work ledger, the rungs, the resulting packages."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from kushfilms.core.leases import LeasedModel
from kushfilms.core.models import UUIDModel
from streaming.models.assets import VideoAsset


class EncodeState(models.TextChoices):
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class Encode(UUIDModel):
    asset = models.ForeignKey(VideoAsset, on_delete=models.CASCADE, related_name="encodes")
    state = models.CharField(max_length=7, choices=EncodeState.choices, default=EncodeState.RUNNING)
    plan = models.JSONField(null=True, blank=True)  # encoding.plan.EncodePlan, once probed
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    playable_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # When the sweep deleted its chunks from storage.
    swept_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asset"],
                condition=Q(state="RUNNING"),
                name="one_running_encode_an_asset",
            ),
        ]

    def __str__(self) -> str:
        return f"encode {self.id} of {self.asset_id}"

    @property
    def work_prefix(self) -> str:
        return f"work/{self.id}/"


class WorkKind(models.TextChoices):
    PROBE = "PROBE"
    AUDIO = "AUDIO"
    SUBTITLE = "SUBTITLE"
    VIDEO = "VIDEO"
    STILLS = "STILLS"
    PACKAGE = "PACKAGE"


class Tier(models.TextChoices):
    """LOW makes a film playable; HIGH is the rest of the ladder."""

    LOW = "LOW"
    HIGH = "HIGH"


class WorkState(models.TextChoices):
    READY = "READY"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class WorkItem(UUIDModel, LeasedModel):
    """One piece of work under a lease (`core.leases`)."""

    encode = models.ForeignKey(Encode, on_delete=models.CASCADE, related_name="work")
    kind = models.CharField(max_length=8, choices=WorkKind.choices)
    tier = models.CharField(max_length=4, choices=Tier.choices, default=Tier.LOW)
    # Chunk number of VIDEO, track number of AUDIO and SUBTITLE, else 0.
    position = models.PositiveIntegerField(default=0)
    # Lower goes first, over all encodes: low rungs of every film before high rungs of any.
    priority = models.PositiveSmallIntegerField()
    # Share of the encode's cost, in estimated CPU seconds.
    weight = models.FloatField(default=1)
    state = models.CharField(max_length=7, choices=WorkState.choices, default=WorkState.READY)
    progress = models.FloatField(default=0)  # 0 to 1
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    not_before = models.DateTimeField(default=timezone.now)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    output = models.JSONField(default=dict, blank=True)
    cpu_seconds = models.FloatField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["encode", "kind", "tier", "position"], name="one_row_a_piece_of_work"
            ),
            models.CheckConstraint(
                condition=~Q(state="RUNNING") | Q(lease_expires_at__isnull=False),
                name="running_work_has_a_lease",
            ),
        ]
        indexes = [
            # The claim: the most urgent free piece.
            models.Index(
                fields=["priority", "created_at"],
                name="work_to_claim",
                condition=Q(state__in=["READY", "RUNNING"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.tier} {self.position}"


class PackageStage(models.TextChoices):
    EARLY = "EARLY"
    FULL = "FULL"


class Package(models.Model):
    """Immutable objects below one prefix, listed, counted and checked before viewers get them."""

    asset = models.ForeignKey(VideoAsset, on_delete=models.CASCADE, related_name="packages")
    encode = models.ForeignKey(Encode, on_delete=models.CASCADE, related_name="packages")
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=5, choices=PackageStage.choices)
    object_count = models.PositiveIntegerField(default=0)
    total_bytes = models.PositiveBigIntegerField(default=0)
    has_storyboard = models.BooleanField(default=False)
    # The asset's `tracks_version` when the package was made.
    tracks_version = models.PositiveIntegerField(default=0)
    verified_at = models.DateTimeField(null=True, blank=True)
    # No new viewer gets the package after this; its objects go when the last token has expired.
    retired_at = models.DateTimeField(null=True, blank=True)
    swept_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "number"], name="one_prefix_a_package"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} package {self.number} of {self.asset_id}"

    @property
    def prefix(self) -> str:
        return f"media/{self.asset_id}/{self.number}/"


class Rendition(models.Model):
    """One rung of an encode's ladder. Its status is that of its slowest piece."""

    encode = models.ForeignKey(Encode, on_delete=models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=20)
    tier = models.CharField(max_length=4, choices=Tier.choices, default=Tier.LOW)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)  # 0: audio only
    codec = models.CharField(max_length=40, blank=True)
    bandwidth = models.PositiveIntegerField(default=0)  # bits a second, measured peak
    average_bandwidth = models.PositiveIntegerField(default=0)
    total_bytes = models.PositiveBigIntegerField(default=0)  # picture and sound of the film
    status = models.CharField(max_length=7, choices=WorkState.choices, default=WorkState.READY)

    class Meta:
        ordering = ["-height"]
        constraints = [
            models.UniqueConstraint(fields=["encode", "name"], name="one_rung_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
