"""The plan of a whole encode: rates, grid, chunks, renditions. Pure data, stored as JSON.

Film zero is the source time that becomes 0 s in every rendition. Output frame k is shown at
k / frame_rate from film zero; a chunk is a half-open range of these frames.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from streaming.encoding.facts import ColorTags
from streaming.encoding.ladder import Rung, RungTier
from streaming.encoding.records import Record


@dataclass(frozen=True, kw_only=True)
class Chunk(Record):
    index: int
    start_frame: int
    end_frame: int  # exclusive
    seek_seconds: float | None = (
        None  # source time of a keyframe before it, for a source without an index
    )

    @property
    def frames(self) -> int:
        return self.end_frame - self.start_frame


@dataclass(frozen=True, kw_only=True)
class Stretch(Record):
    """Grid frames `start_frame` to `end_frame` (exclusive), from one recording of the source.

    `zero_seconds` is the recording's own time of film zero, even when it begins later.
    """

    start_frame: int
    end_frame: int
    zero_seconds: float
    last_shown: int  # grid frame at which its last picture begins
    first_byte: int
    end_byte: int
    video_index: int
    audio_indices: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ShapeChange(Record):
    """The source's display aspect from this grid frame on."""

    frame: int
    aspect: Fraction


@dataclass(frozen=True, kw_only=True)
class PictureSource(Record):
    """Facts for decoding and normalising the source's picture."""

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
    codec: str = ""
    indexed: bool = True  # the container finds keyframes; otherwise each chunk names its own
    sample_aspect: Fraction | None = None  # after rotation; None: each frame has its own
    last_shown: int | None = None  # grid frame at which the last picture begins
    shapes: tuple[ShapeChange, ...] = ()  # more than one: the display aspect changes


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
    ambisonic: bool = False
    first_byte: int = 0  # start of reading; above 0 for sound that begins late in a TS


@dataclass(frozen=True, kw_only=True)
class SubtitleTrackPlan(Record):
    name: str  # directory name, e.g. "s1-en"
    stream_index: int
    language: str
    label: str
    default: bool
    forced: bool
    codec: str = ""  # ffmpeg's name


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
    stretches: tuple[Stretch, ...] = ()  # two or more: recordings joined into one file

    @property
    def duration_seconds(self) -> float:
        return float(self.total_frames / self.frame_rate)

    @property
    def segment_seconds(self) -> float:
        return float(self.segment_frames / self.frame_rate)

    @property
    def tiers(self) -> tuple[RungTier, ...]:
        """Return the tiers that have rungs, LOW first; LOW always has some."""
        present = {rung.tier for rung in self.rungs}
        return tuple(tier for tier in RungTier if tier in present)

    def tier_rungs(self, tier: RungTier) -> tuple[Rung, ...]:
        return tuple(rung for rung in self.rungs if rung.tier is tier)

    @property
    def last_shown(self) -> int:
        shown = self.picture.last_shown
        return self.picture.last_frame - 1 if shown is None else shown

    def stretches_of(self, chunk: Chunk) -> tuple[Stretch, ...]:
        """Return the recordings of a chunk, each cut to it; one for an ordinary source."""
        if not self.stretches:
            whole = Stretch(
                start_frame=chunk.start_frame,
                end_frame=chunk.end_frame,
                zero_seconds=self.film_zero_seconds,
                last_shown=self.last_shown,
                first_byte=0,
                end_byte=0,
                video_index=self.picture.stream_index,
                audio_indices=(),
            )
            return (whole,)
        return tuple(
            replace(
                stretch,
                start_frame=max(stretch.start_frame, chunk.start_frame),
                end_frame=min(stretch.end_frame, chunk.end_frame),
            )
            for stretch in self.stretches
            if stretch.start_frame < chunk.end_frame and stretch.end_frame > chunk.start_frame
        )

    def seconds_at(self, frame: int) -> float:
        return float(frame / self.frame_rate)
