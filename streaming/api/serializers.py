"""Serializers of the video and playback API. Keys are the contract's (SPEC, section 3)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from rest_framework import serializers

from kushfilms.core.api.fast_serializers import LeanInput, LeanSerializer
from kushfilms.core.api.fields import LineField
from streaming.models import (
    AssetKind,
    AssetStatus,
    TrackSource,
    VideoAsset,
)
from streaming.selectors.encodes import video_state
from streaming.services.heartbeats import StoredReport
from streaming.services.playback_start import Playback
from streaming.services.trailers import Trailer
from streaming.services.uploads import UploadTicket

# Above what a film may weigh and below what a column holds: a clear 4xx instead of an overflow.
LARGEST_NUMBER = 2**53
LARGEST_SEQUENCE = 2**31 - 1


class SecondsField(serializers.FloatField):
    def to_representation(self, value: float) -> float:  # type: ignore[override]  # stubs: str
        return round(float(value), 3)


# ── Uploads ─────────────────────────────────────────────────────────────────────────────


class UploadUrlInput(serializers.Serializer[Any]):
    filename = LineField(max_length=1000)
    contentType = serializers.CharField(max_length=200, allow_blank=True)
    size = serializers.IntegerField(max_value=LARGEST_NUMBER)
    movieId = serializers.UUIDField(required=False, allow_null=True, default=None)
    kind = serializers.ChoiceField(
        choices=[AssetKind.FEATURE, AssetKind.TRAILER], required=False, default=AssetKind.FEATURE
    )


class PartInput(serializers.Serializer[Any]):
    partNumber = serializers.IntegerField(min_value=1, max_value=10_000)
    etag = serializers.CharField(max_length=200)


class CompleteInput(serializers.Serializer[Any]):
    # Not `many=True`: its `allow_null` would also let null parts in.
    parts = serializers.ListField(child=PartInput(), required=False, allow_null=True, default=None)

    def validate_parts(self, parts: list[dict[str, Any]] | None) -> dict[int, str] | None:
        if parts is None:
            return None
        claimed = {part["partNumber"]: part["etag"].strip('"') for part in parts}
        if len(claimed) != len(parts):
            raise serializers.ValidationError("A part number appears twice.")
        return claimed


class SignedPartOutput(LeanSerializer):
    partNumber = serializers.IntegerField(source="number")
    url = serializers.URLField()


class UploadTicketOutput(LeanSerializer):
    """`uploadUrl` for a single PUT, or `uploadId`, `partSize` and the parts still missing."""

    videoId = serializers.UUIDField(source="asset.pk")
    movieId = serializers.UUIDField(source="asset.movie_id")
    expiresIn = serializers.IntegerField(
        source="expires_in", help_text="Seconds until the URLs expire."
    )
    uploadUrl = serializers.URLField(required=False, source="upload_url")
    uploadId = serializers.CharField(required=False, source="asset.upload_id")
    partSize = serializers.IntegerField(
        required=False, source="asset.upload_part_size", help_text="Bytes."
    )
    parts = SignedPartOutput(many=True, required=False, source="missing")

    def to_representation(self, instance: UploadTicket) -> dict[str, Any]:
        answer = super().to_representation(instance)
        absent = ("uploadUrl",) if instance.asset.upload_id else ("uploadId", "partSize", "parts")
        return {key: value for key, value in answer.items() if key not in absent}


class ArrivedPartOutput(LeanSerializer):
    partNumber = serializers.IntegerField(source="number")
    size = serializers.IntegerField(source="size_bytes", help_text="Bytes.")
    etag = serializers.CharField()


class PartsOutput(UploadTicketOutput):
    """The parts that have arrived, and signed URLs for the parts that have not."""

    size = serializers.IntegerField(source="asset.source_size", help_text="Bytes announced.")
    arrived = ArrivedPartOutput(many=True)


# ── Tracks ──────────────────────────────────────────────────────────────────────────────


class SubtitleOutput(LeanSerializer):
    language = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not its own label
    default = serializers.BooleanField()


class ForcedSubtitleOutput(SubtitleOutput):
    forced = serializers.BooleanField()


class AudioTrackOutput(SubtitleOutput):
    vj = serializers.CharField(allow_blank=True, help_text="Narrator of a translated track.")


class AddedSubtitleOutput(ForcedSubtitleOutput):
    id = serializers.IntegerField()
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field, not its own source
        choices=TrackSource.choices
    )


class SubtitlesOutput(LeanSerializer):
    live = serializers.BooleanField(help_text="False while the film is packaged with them.")
    results = AddedSubtitleOutput(many=True, source="rows")


class CueOutput(LeanSerializer):
    start = serializers.FloatField(help_text="Seconds.")
    end = serializers.FloatField(help_text="Seconds.")
    text = serializers.CharField()


class SubtitlePreviewOutput(LeanSerializer):
    encoding = serializers.CharField(help_text="Character encoding the file was read in.")
    damagedLetters = serializers.IntegerField(
        source="damaged", help_text="Characters that show as U+FFFD."
    )
    lines = serializers.IntegerField()
    cues = CueOutput(many=True, help_text="The first ten.")


class VideoErrorOutput(LeanSerializer):
    code = serializers.CharField()
    message = serializers.CharField(help_text="A sentence for the uploader.")


class AddedAudioTrackOutput(AudioTrackOutput):
    id = serializers.IntegerField()
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field, not its own source
        choices=TrackSource.choices
    )


class ComingAudioTrackOutput(LeanSerializer):
    language = serializers.CharField(source="track.language")
    label = serializers.CharField(  # type: ignore[assignment]  # a field, not its own label
        source="track.label"
    )
    default = serializers.BooleanField(source="track.default")
    vj = serializers.CharField(
        source="track.vj", allow_blank=True, help_text="Narrator of a translated track."
    )
    videoId = serializers.UUIDField(
        source="upload.pk", help_text="Id of its upload: GET admin/videos/:id."
    )
    filename = serializers.CharField(source="upload.filename")
    status = serializers.ChoiceField(source="upload.status", choices=AssetStatus.choices)
    error = VideoErrorOutput(source="upload.error", allow_null=True)


class AudioTracksOutput(LeanSerializer):
    live = serializers.BooleanField(help_text="False while the film is packaged with them.")
    results = AddedAudioTrackOutput(many=True, source="rows")
    coming = ComingAudioTrackOutput(many=True, help_text="Uploads that are not in the film yet.")


# ── Videos ──────────────────────────────────────────────────────────────────────────────


class VideoWarningOutput(LeanSerializer):
    code = serializers.CharField()
    message = serializers.CharField(help_text="A sentence for staff.")


class RungOutput(LeanSerializer):
    height = serializers.IntegerField(help_text="Pixels; 0 is audio only.")
    name = serializers.CharField()
    codec = serializers.CharField()
    bandwidth = serializers.IntegerField(help_text="Peak bits a second.")
    bytes = serializers.IntegerField(help_text="Bytes of the whole film, with sound.")
    status = serializers.ChoiceField(choices=["WAITING", "ENCODING", "READY", "FAILED"])
    progress = serializers.IntegerField(help_text="Percent.")


class EncodeOutput(LeanSerializer):
    secondsLeft = serializers.IntegerField(source="seconds_left", allow_null=True)
    attempts = serializers.IntegerField()
    lastError = serializers.CharField(source="last_error", allow_blank=True)
    piecesDone = serializers.IntegerField(source="pieces_done")
    pieces = serializers.IntegerField()
    cpuSeconds = serializers.FloatField(source="cpu_seconds")
    startedAt = serializers.DateTimeField(source="started_at", default_timezone=UTC)
    finishedAt = serializers.DateTimeField(
        source="finished_at", default_timezone=UTC, allow_null=True
    )


class VideoOutput(LeanSerializer):
    id = serializers.UUIDField(source="asset.pk")
    movieId = serializers.UUIDField(source="asset.movie_id")
    kind = serializers.ChoiceField(source="asset.kind", choices=AssetKind.choices)
    filename = serializers.CharField(source="asset.filename")
    size = serializers.IntegerField(source="asset.source_size")
    status = serializers.ChoiceField(source="asset.status", choices=AssetStatus.choices)
    playable = serializers.BooleanField(source="asset.playable")
    current = serializers.BooleanField(
        source="asset.is_current", help_text="True for the video that viewers get."
    )
    progress = serializers.IntegerField(help_text="Percent.")
    duration = SecondsField(source="asset.duration_seconds", help_text="Seconds.")
    error = VideoErrorOutput(source="asset.error", allow_null=True)
    warnings = VideoWarningOutput(
        many=True, help_text="Differences between the film and its source file."
    )
    renditions = RungOutput(many=True, source="rungs")
    encode = EncodeOutput(allow_null=True)
    audioTracks = AudioTrackOutput(many=True, source="audio_tracks")
    subtitles = ForcedSubtitleOutput(many=True)


def video_json(asset: VideoAsset) -> dict[str, Any]:
    answer: dict[str, Any] = VideoOutput(video_state(asset)).data
    return answer


# ── Playback ────────────────────────────────────────────────────────────────────────────


class WatchInput(LeanInput):
    progress = serializers.FloatField(min_value=0, max_value=LARGEST_NUMBER)
    sessionId = serializers.UUIDField(required=False, allow_null=True, default=None)
    ended = serializers.BooleanField(required=False, default=False)
    at = serializers.DateTimeField(
        required=False,
        allow_null=True,
        default=None,
        help_text="When the viewer was at `progress`, by the player's clock; for late reports.",
    )
    sequence = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=LARGEST_SEQUENCE,
        help_text="Number of this heartbeat in its session, so that none overtakes another.",
    )


class WatchOutput(LeanSerializer):
    """`streamUrl` and `expiresIn` come only with a session."""

    progress = serializers.IntegerField(help_text="Seconds.")
    completed = serializers.BooleanField()
    streamUrl = serializers.URLField(required=False, source="stream_url")
    expiresIn = serializers.IntegerField(required=False, source="expires_in")

    def to_representation(self, instance: "WatchAnswer") -> dict[str, Any]:
        answer = super().to_representation(instance)
        return {key: value for key, value in answer.items() if value is not None}


class StreamMovieOutput(LeanSerializer):
    id = serializers.UUIDField()
    title = serializers.CharField()


class StreamSessionOutput(LeanSerializer):
    id = serializers.UUIDField()
    heartbeatSeconds = serializers.IntegerField(source="heartbeat_seconds")


class QualityOutput(LeanSerializer):
    height = serializers.IntegerField(help_text="Pixels; 0 is audio only.")
    width = serializers.IntegerField()
    codec = serializers.CharField()
    bandwidth = serializers.IntegerField(help_text="Peak bits a second.")
    bytes = serializers.IntegerField(
        source="total_bytes", help_text="Bytes of the whole film at this quality, with sound."
    )


class MediaOutput(LeanSerializer):
    streamUrl = serializers.URLField(
        source="stream_url", help_text="HLS; needs no headers and no cookies."
    )
    dashUrl = serializers.URLField(source="dash_url")
    expiresIn = serializers.IntegerField(source="playback.expires_in", help_text="Seconds.")
    movie = StreamMovieOutput(source="playback.movie")
    duration = SecondsField(source="playback.media.asset.duration_seconds", help_text="Seconds.")
    qualities = QualityOutput(many=True, source="playback.media.renditions")
    subtitles = ForcedSubtitleOutput(many=True, source="playback.media.subtitles")
    audioTracks = AudioTrackOutput(many=True, source="playback.media.audio_tracks")


class TrailerStreamOutput(MediaOutput):
    """URLs that anyone may use until 15 minutes after the trailer's length."""


class StreamOutput(MediaOutput):
    resumeAt = serializers.IntegerField(source="playback.resume_at", help_text="Seconds.")
    session = StreamSessionOutput(source="playback.session")
    storyboardUrl = serializers.URLField(source="storyboard_url", allow_null=True)
    ads = serializers.ListField(child=serializers.DictField())


@dataclass(frozen=True)
class WatchAnswer:
    progress: int
    completed: bool
    stream_url: str | None = None
    expires_in: int | None = None


def watch_json(stored: StoredReport, absolute: Callable[[str], str]) -> dict[str, Any]:
    seconds = stored.progress.seconds
    completed = stored.progress.completed
    if stored.renewal is None:
        return _write_watch(WatchAnswer(seconds, completed))
    url = absolute(stored.renewal.stream_url)
    return _write_watch(WatchAnswer(seconds, completed, url, stored.renewal.expires_in))


@dataclass(frozen=True)
class MediaAnswer:
    """A film or trailer with the URLs of its stream.

    `absolute` makes a path a URL on the host that the client called.
    """

    playback: Playback | Trailer
    absolute: Callable[[str], str]

    @property
    def stream_url(self) -> str:
        return self.absolute(f"{self.playback.base_url}/master.m3u8")

    @property
    def dash_url(self) -> str:
        return self.absolute(f"{self.playback.base_url}/manifest.mpd")


@dataclass(frozen=True)
class StreamAnswer(MediaAnswer):
    playback: Playback
    ads: tuple[dict[str, Any], ...] = ()

    @property
    def storyboard_url(self) -> str | None:
        path = self.playback.storyboard_url
        return self.absolute(path) if path else None


# A serializer for each request would cost as much as writing it.
_write_stream = StreamOutput().to_representation
_write_watch = WatchOutput().to_representation


def stream_json(playback: Playback, absolute: Callable[[str], str]) -> dict[str, Any]:
    return _write_stream(StreamAnswer(playback, absolute))


def trailer_json(trailer: Trailer, absolute: Callable[[str], str]) -> dict[str, Any]:
    answer: dict[str, Any] = TrailerStreamOutput(MediaAnswer(trailer, absolute)).data
    return answer
