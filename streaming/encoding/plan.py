"""The whole encode decided up front: rates, grid, chunks, renditions. Pure, and kept as JSON.

Film zero is the source time that becomes 0 s in every rendition. Output frame k is shown at
k / frame_rate from film zero; a chunk is a half-open range of these frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from streaming.encoding.facts import ColorTags
from streaming.encoding.ladder import Rung, Tier
from streaming.encoding.records import Record


@dataclass(frozen=True, kw_only=True)
class Chunk(Record):
    index: int
    start_frame: int
    end_frame: int  # exclusive

    @property
    def frames(self) -> int:
        return self.end_frame - self.start_frame


@dataclass(frozen=True, kw_only=True)
class PictureSource(Record):
    """How to decode and normalise the source's picture."""

    stream_index: int
    rotation: int
    display_width: int
    display_height: int
    interlaced: bool
    hdr: Literal["pq", "hlg"] | None
    color: ColorTags
    seek_margin_seconds: float
    last_frame: int  # grid frame at which the source's own pictures end (exclusive)
    late_seconds: float  # subtracted from the decoder's times


@dataclass(frozen=True, kw_only=True)
class AudioRendition(Record):
    name: str  # directory name, e.g. "a1-lg-lo"
    groups: tuple[str, ...]  # HLS groups that list it: "lo", "hi"
    kbps: int
    channels: int


@dataclass(frozen=True, kw_only=True)
class AudioTrackPlan(Record):
    index: int  # 0-based among the film's tracks
    stream_index: int
    language: str
    label: str
    default: bool
    source_channels: int
    renditions: tuple[AudioRendition, ...]


@dataclass(frozen=True, kw_only=True)
class SubtitleTrackPlan(Record):
    name: str  # directory name, e.g. "s1-en"
    stream_index: int
    language: str
    label: str
    default: bool
    forced: bool


@dataclass(frozen=True, kw_only=True)
class StillsPlan(Record):
    interval_frames: int  # a storyboard thumbnail every so many grid frames, from frame 0
    thumb_width: int
    thumb_height: int
    poster_width: int
    poster_height: int
    posters_per_chunk: int


@dataclass(frozen=True, kw_only=True)
class EncodePlan(Record):
    frame_rate: Fraction
    timescale: int  # ticks per second of every video rendition; a frame is a whole number of them
    gop_frames: int
    segment_frames: int
    total_frames: int
    film_zero_seconds: float
    picture: PictureSource
    rungs: tuple[Rung, ...]  # lowest first
    chunks: tuple[Chunk, ...]
    audio: tuple[AudioTrackPlan, ...]
    subtitles: tuple[SubtitleTrackPlan, ...]
    stills: StillsPlan

    @property
    def duration_seconds(self) -> float:
        return float(self.total_frames / self.frame_rate)

    @property
    def segment_seconds(self) -> float:
        return float(self.segment_frames / self.frame_rate)

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The tiers that have rungs, LOW first; LOW is always there."""
        present = {rung.tier for rung in self.rungs}
        return tuple(tier for tier in Tier if tier in present)

    def tier_rungs(self, tier: Tier) -> tuple[Rung, ...]:
        return tuple(rung for rung in self.rungs if rung.tier is tier)

    def seconds_at(self, frame: int) -> float:
        return float(frame / self.frame_rate)
