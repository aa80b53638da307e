"""What a source is, as measured by `probe`. Times are source seconds, before film zero is cut."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from streaming.encoding.records import Record


@dataclass(frozen=True, kw_only=True)
class ColorTags(Record):
    primaries: str | None
    transfer: str | None
    matrix: str | None
    full_range: bool


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
