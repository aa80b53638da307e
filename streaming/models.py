"""From a producer's file to what a player fetches.

VideoAsset   one uploaded source of a film's feature or trailer
Encode       one run of the pipeline over an asset
WorkItem     the ledger: one piece of an encode that one worker does under a lease
Package      one finished, immutable set of objects below `media/{asset}/{number}/`
Rendition, AudioTrack, Subtitle   what an asset offers
PlaybackSession   one viewer watching one asset on one device
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Session
from catalog.models import Movie
from kushfilms.core.models import TimestampedModel, UUIDModel


class AssetKind(models.TextChoices):
    FEATURE = "FEATURE"
    TRAILER = "TRAILER"


class AssetStatus(models.TextChoices):
    AWAITING_UPLOAD = "AWAITING_UPLOAD"
    UPLOADED = "UPLOADED"
    PROBING = "PROBING"
    ENCODING = "ENCODING"
    PACKAGING = "PACKAGING"
    READY = "READY"
    FAILED = "FAILED"


class VideoAsset(UUIDModel, TimestampedModel):
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="assets")
    kind = models.CharField(max_length=7, choices=AssetKind.choices, default=AssetKind.FEATURE)
    status = models.CharField(
        max_length=15, choices=AssetStatus.choices, default=AssetStatus.AWAITING_UPLOAD
    )
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    # The asset viewers get for this film and kind; a newer upload takes over when playable.
    is_current = models.BooleanField(default=False)

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100, blank=True)
    source_key = models.CharField(max_length=300, unique=True)
    source_size = models.PositiveBigIntegerField()  # bytes, as announced; checked at completion
    source_etag = models.CharField(max_length=100, blank=True)
    upload_id = models.CharField(max_length=2000, blank=True)  # of S3; empty for a single PUT
    upload_part_size = models.PositiveBigIntegerField(default=0)  # bytes
    upload_expires_at = models.DateTimeField(null=True, blank=True)
    uploaded_at = models.DateTimeField(null=True, blank=True)

    facts = models.JSONField(null=True, blank=True)  # encoding.probe.SourceFacts
    duration_seconds = models.FloatField(default=0)
    live_package = models.ForeignKey(
        "Package", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["movie", "kind"],
                condition=Q(is_current=True),
                name="one_current_asset_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(live_package__isnull=False),
                name="what_is_current_can_be_played",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="progress_is_a_percentage"),
            models.CheckConstraint(condition=Q(source_size__gt=0), name="a_source_has_bytes"),
        ]
        indexes = [
            # The sweep of uploads that never finished.
            models.Index(
                fields=["upload_expires_at"],
                name="asset_upload_expiry",
                condition=Q(status="AWAITING_UPLOAD"),
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def playable(self) -> bool:
        return self.live_package_id is not None

    @property
    def prefixes(self) -> list[str]:
        """Everything of this asset that lies in storage, but its encodes' chunks."""
        return [f"{self.source_key.rpartition('/')[0]}/", f"media/{self.pk}/"]


class Trash(models.Model):
    """A prefix in storage whose rows are gone; the sweep deletes what lies below it."""

    prefix = models.CharField(max_length=300, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "trash"

    def __str__(self) -> str:
        return self.prefix


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
    # Its chunks in storage are gone: set by the sweep some time after the end.
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
    """LOW is what a film needs to open; HIGH is the rest of the ladder."""

    LOW = "LOW"
    HIGH = "HIGH"


class WorkState(models.TextChoices):
    READY = "READY"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class WorkItem(UUIDModel):
    """One piece of work under a lease. A worker that dies lets the lease run out."""

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
            # The claim: the most urgent piece that nobody holds.
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
    """Immutable objects below one prefix; listed, counted and checked before it goes live."""

    asset = models.ForeignKey(VideoAsset, on_delete=models.CASCADE, related_name="packages")
    encode = models.ForeignKey(Encode, on_delete=models.CASCADE, related_name="packages")
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=5, choices=PackageStage.choices)
    object_count = models.PositiveIntegerField(default=0)
    total_bytes = models.PositiveBigIntegerField(default=0)
    has_storyboard = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    # No new viewer gets it from here on; its objects go when the last token has run out.
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


class Track(models.Model):
    """What an audio track and a subtitle have in common."""

    asset = models.ForeignKey(VideoAsset, on_delete=models.CASCADE)
    position = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=35)  # BCP 47
    label = models.CharField(max_length=80)
    default = models.BooleanField(default=False)

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label


class AudioTrack(Track):
    # The narrator of a translated track; empty for the film's own sound.
    vj = models.CharField(max_length=120, blank=True)
    channels = models.PositiveSmallIntegerField(default=2)

    class Meta(Track.Meta):
        default_related_name = "audio_tracks"
        constraints = [
            models.UniqueConstraint(fields=["asset", "position"], name="one_audio_track_a_place"),
        ]


class Subtitle(Track):
    forced = models.BooleanField(default=False)

    class Meta(Track.Meta):
        default_related_name = "subtitles"
        constraints = [
            models.UniqueConstraint(fields=["asset", "position"], name="one_subtitle_a_place"),
        ]


class PlaybackSession(UUIDModel):
    """One viewer watching one asset on one device; what a stream token names."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="playback_sessions"
    )
    sign_in = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    asset = models.ForeignKey(VideoAsset, on_delete=models.CASCADE, related_name="+")
    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="+")
    device_name = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)  # ISO alpha-2, as the edge told us
    started_at = models.DateTimeField(default=timezone.now)
    last_heartbeat_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Taken away, and the reason a player is told: no_entitlement, stream_limit.
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_code = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            # Streams running now, for the limit and for revocation.
            models.Index(
                fields=["user", "-last_heartbeat_at"],
                name="playback_live_by_user",
                condition=Q(ended_at=None, revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} watching {self.asset_id}"
