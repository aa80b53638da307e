"""Results of the engine. Paths are local and belong to the caller."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from streaming.encoding.ladder import RungTier
from streaming.encoding.records import Record


@dataclass(frozen=True, kw_only=True)
class ChunkFile:
    rung: str
    path: Path
    frames: int
    bytes: int
    sha256: str
    md5: str  # hex; S3's ETag of a single PUT


@dataclass(frozen=True, kw_only=True)
class Still:
    seconds: float  # film time
    path: Path


@dataclass(frozen=True, kw_only=True)
class ChunkResult:
    chunk_index: int
    tier: RungTier
    files: tuple[ChunkFile, ...]
    thumbs: tuple[Still, ...]  # LOW tier only
    posters: tuple[Still, ...]  # LOW tier only
    cpu_seconds: float
    wall_seconds: float


@dataclass(frozen=True, kw_only=True)
class SegmentFacts(Record):
    """One media segment, inspected before it left the disk."""

    path: str
    start_ticks: int  # tfdt
    duration_ticks: int
    samples: int
    bytes: int
    starts_with_sync: bool
    sync_samples: int


@dataclass(frozen=True, kw_only=True)
class RenditionFacts(Record):
    name: str
    kind: str  # "video" or "audio"
    codec: str  # RFC 6381, e.g. avc1.64001e
    timescale: int
    width: int
    height: int
    init_path: str
    init_bytes: int
    segments: tuple[SegmentFacts, ...]
    average_bps: int
    peak_bps: int  # RFC 8216 4.1: largest over runs of 0.5 to 1.5 target durations

    @property
    def bytes(self) -> int:
        return self.init_bytes + sum(segment.bytes for segment in self.segments)


@dataclass(frozen=True, kw_only=True)
class PackagedObject(Record):
    path: str  # relative to the film's prefix
    bytes: int
    content_type: str


@dataclass(frozen=True, kw_only=True)
class PackageResult(Record):
    objects: tuple[PackagedObject, ...]
    renditions: tuple[RenditionFacts, ...]
    playlists: dict[str, str]  # path -> text: master, media, I-frame and subtitle playlists
    manifest: str  # the MPD's text
    total_bytes: int
    peak_disk_bytes: int
