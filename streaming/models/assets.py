"""Uploaded sources and the tracks of films."""

from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.models import Movie, Person
from kushfilms.core.models import TimestampedModel, UUIDModel


class AssetKind(models.TextChoices):
    FEATURE = "FEATURE"
    TRAILER = "TRAILER"
    # Another audio track of the film; never played by itself.
    SOUND = "SOUND"


class AssetStatus(models.TextChoices):
    AWAITING_UPLOAD = "AWAITING_UPLOAD"
    UPLOADED = "UPLOADED"
    PROBING = "PROBING"
    ENCODING = "ENCODING"
    PACKAGING = "PACKAGING"
    READY = "READY"
    FAILED = "FAILED"


class AssetError(NamedTuple):
    code: str
    message: str


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
    # Incremented with every track added or removed; a package stores the value it was made at.
    tracks_version = models.PositiveIntegerField(default=0)
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
    def error(self) -> AssetError | None:
        return AssetError(self.error_code, self.error_message) if self.error_code else None

    @property
    def prefixes(self) -> list[str]:
        """Return the prefixes of all the asset's objects except its encodes' chunks."""
        folder = self.source_key.rpartition("/")[0]
        return [f"{folder}/", f"media/{self.pk}/", f"tracks/{self.pk}/"]


class TrackSource(models.TextChoices):
    EMBEDDED = "EMBEDDED", "in the film's file"
    UPLOADED = "UPLOADED", "added"


class Track(models.Model):
    """Common columns of audio tracks and subtitles."""

    asset = models.ForeignKey(VideoAsset, on_delete=models.CASCADE)
    # For embedded tracks their position in the file; added tracks follow from 100.
    position = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=35)  # BCP 47
    label = models.CharField(max_length=80)
    default = models.BooleanField(default=False)
    source = models.CharField(
        max_length=8, choices=TrackSource.choices, default=TrackSource.EMBEDDED
    )

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label


class AudioTrack(Track):
    """An audio track; an added one belongs to its own upload until encoded, then to the film."""

    # The VJ of this track; empty for the film's original sound.
    narrator = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    channels = models.PositiveSmallIntegerField(default=2)
    # The encode that made an added track's streams, which stay in storage while it is set.
    encode = models.OneToOneField(
        "Encode", on_delete=models.CASCADE, null=True, blank=True, related_name="sound"
    )
    # The uploader has confirmed that it replaces another track.
    replaces = models.BooleanField(default=False)

    class Meta(Track.Meta):
        default_related_name = "audio_tracks"
        constraints = [
            models.UniqueConstraint(fields=["asset", "position"], name="one_audio_track_a_place"),
            models.UniqueConstraint(fields=["asset", "label"], name="one_audio_track_a_label"),
            models.UniqueConstraint(
                fields=["asset"], condition=Q(default=True), name="one_audio_track_plays_first"
            ),
            models.CheckConstraint(
                condition=Q(source="UPLOADED") | Q(encode=None), name="only_added_sound_has_streams"
            ),
        ]

    @property
    def vj(self) -> str:
        return self.narrator.name if self.narrator else ""


class Subtitle(Track):
    # Its directory in a package; an added subtitle's name is never reused.
    name = models.CharField(max_length=60)
    forced = models.BooleanField(default=False)
    # The cleaned WebVTT in storage; embedded subtitles are only in the packages.
    key = models.CharField(max_length=200, blank=True)

    class Meta(Track.Meta):
        default_related_name = "subtitles"
        constraints = [
            models.UniqueConstraint(fields=["asset", "position"], name="one_subtitle_a_place"),
            models.UniqueConstraint(fields=["asset", "name"], name="one_subtitle_a_directory"),
            models.UniqueConstraint(fields=["asset", "label"], name="one_subtitle_a_label"),
            models.UniqueConstraint(
                fields=["asset"], condition=Q(default=True), name="one_subtitle_comes_first"
            ),
            models.UniqueConstraint(
                fields=["asset", "language"],
                condition=Q(source="UPLOADED"),
                name="one_added_subtitle_a_language",
            ),
            models.CheckConstraint(
                condition=Q(source="EMBEDDED") | ~Q(key=""), name="an_added_subtitle_has_its_lines"
            ),
        ]


class Trash(models.Model):
    """A prefix in storage whose rows are gone; the sweep deletes what lies below it."""

    prefix = models.CharField(max_length=300, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "trash"

    def __str__(self) -> str:
        return self.prefix
