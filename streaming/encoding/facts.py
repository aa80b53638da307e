"""Facts of a source, as measured by `probe`. Times are source seconds, before film zero is cut."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from streaming.encoding.records import Record


@dataclass(frozen=True, kw_only=True)
class ColorTags(Record):
    primaries: str | None
    transfer: str | None
    matrix: str | None
    full_range: bool


class NoticeCode(StrEnum):
    """Things the engine changed or left out. Their sentences are in `streaming.warning_texts`."""

    STREAM_LEFT_OUT = "stream_left_out"
    UNDECODABLE_SOUND_LEFT_OUT = "undecodable_sound_left_out"
    PICTURE_SUBTITLES_LEFT_OUT = "picture_subtitles_left_out"
    UNREADABLE_SUBTITLES_LEFT_OUT = "unreadable_subtitles_left_out"
    TELETEXT_LEFT_OUT = "teletext_left_out"
    CLOSED_CAPTIONS_LEFT_OUT = "closed_captions_left_out"
    SECOND_PICTURE_LEFT_OUT = "second_picture_left_out"
    COVER_LEFT_OUT = "cover_left_out"
    LENGTH_CORRECTED = "length_corrected"
    RECORDINGS_JOINED = "recordings_joined"
    GAP_CLOSED = "gap_closed"
    TIMESTAMPS_MENDED = "timestamps_mended"
    SIZE_CHANGES = "size_changes"
    SHAPE_CHANGES = "shape_changes"
    COLORS_CONVERTED = "colors_converted"
    HDR_CONVERTED = "hdr_converted"
    AMBISONIC_MIXED = "ambisonic_mixed"
    SOUND_LATE = "sound_late"
    SUBTITLE_CHARACTERS_REPLACED = "subtitle_letters_replaced"
    EMPTY_SUBTITLES_LEFT_OUT = "empty_subtitles_left_out"
    LENGTH_DIFFERS = "length_differs"
    FRAMES_DIFFER = "frames_differ"
    LOUDNESS_DIFFERS = "loudness_differs"
    SILENCE_DIFFERS = "silence_differs"
    SOUND_OUT_OF_STEP = "sound_out_of_step"
    PICTURE_FROZEN = "picture_frozen"


@dataclass(frozen=True, kw_only=True)
class Notice(Record):
    """A notice to staff about a film; `values` fill its sentence."""

    code: NoticeCode
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Shape(Record):
    """The display aspect ratio that begins with a keyframe at `at_seconds`."""

    at_seconds: float
    aspect: Fraction


@dataclass(frozen=True, kw_only=True)
class Part(Record):
    """One recording of a file that holds several, each with a clock of its own.

    Bytes `first_byte` to `end_byte` (0: the end of the file). Seconds are those of its own clock.
    """

    first_byte: int
    end_byte: int
    start_seconds: float  # of its picture
    end_seconds: float
    last_picture_seconds: float  # when it begins
    video_index: int
    audio_indices: tuple[int, ...]  # by track; -1: this recording lacks the track
    seek_points: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VideoStream(Record):
    index: int
    codec: str
    coded_width: int
    coded_height: int
    sample_aspect: Fraction
    rotation: int  # clockwise degrees to turn the picture for display: 0, 90, 180, 270
    display_width: int  # after rotation, in square pixels
    display_height: int
    average_frame_rate: Fraction
    nominal_frame_rate: Fraction
    interlaced: bool
    pixel_format: str
    bit_depth: int
    color: ColorTags
    hdr: Literal["pq", "hlg"] | None
    start_seconds: float
    end_seconds: float  # end of the last frame
    late_seconds: float  # decoded pictures come this much after their time (AVI)
    last_start_seconds: float = 0.0  # when the last frame begins
    before_last_seconds: float = 0.0  # when the one before it begins
    captions: bool = False  # closed captions (CEA-608 or 708) inside the picture
    shapes: tuple[Shape, ...] = ()  # more than one: the display aspect changes inside the film


@dataclass(frozen=True, kw_only=True)
class AudioStream(Record):
    index: int
    codec: str
    channels: int
    layout: str
    sample_rate: int
    language: str  # BCP 47; "und" when unknown
    title: str
    default: bool
    start_seconds: float
    end_seconds: float
    first_byte: int = 0  # where reading may begin; later than 0 for sound that begins late

    @property
    def ambisonic(self) -> bool:
        return self.layout.startswith("ambisonic")


@dataclass(frozen=True, kw_only=True)
class SubtitleStream(Record):
    index: int
    codec: str
    language: str
    title: str
    default: bool
    forced: bool


@dataclass(frozen=True, kw_only=True)
class SkippedStream(Record):
    index: int
    kind: str
    codec: str
    reason: str
    code: NoticeCode = NoticeCode.STREAM_LEFT_OUT
    language: str = "und"


@dataclass(frozen=True, kw_only=True)
class SourceFacts(Record):
    container: str  # mp4, matroska, avi or mpegts
    size_bytes: int
    start_seconds: float
    duration_seconds: float
    video: VideoStream
    audio: tuple[AudioStream, ...]
    subtitles: tuple[SubtitleStream, ...]
    skipped: tuple[SkippedStream, ...]
    notices: tuple[Notice, ...] = ()
    parts: tuple[Part, ...] = ()  # two or more: recordings joined into one file
    seek_points: tuple[float, ...] = ()  # keyframes, for a container without an index
