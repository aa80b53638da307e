"""A small reader of fragmented MP4, for the boxes with sample times (ISO 14496-12)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

NON_SYNC = 0x00010000  # sample_is_non_sync_sample


@dataclass(frozen=True, kw_only=True)
class Box:
    kind: str
    start: int
    body: int
    end: int


@dataclass(frozen=True, kw_only=True)
class InitFacts:
    sample_entry: str  # avc1, mp4a, ...
    codec: str  # RFC 6381
    timescale: int
    width: int
    height: int
    default_duration: int
    default_flags: int


@dataclass(frozen=True, kw_only=True)
class Fragment:
    start_ticks: int
    duration_ticks: int
    samples: int
    starts_with_sync: bool
    sync_samples: int


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """Yield boxes side by side. Raises ValueError when one does not fit."""
    limit = len(data) if end is None else end
    while start < limit:
        size, kind = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1:
            size = struct.unpack_from(">Q", data, body)[0]
            body += 8
        if size < body - start or start + size > limit:
            raise ValueError(f"box {kind!r} at {start} does not fit")
        yield Box(kind=kind.decode("latin-1"), start=start, body=body, end=start + size)
        start += size


def child(data: bytes, parent: Box | None, *path: str) -> Box:
    """Return the first box down `path`. Raises KeyError."""
    box = parent
    for kind in path:
        inside = boxes(data, box.body, box.end) if box else boxes(data)
        box = next((found for found in inside if found.kind == kind), None)
        if box is None:
            raise KeyError(kind)
    if box is None:
        raise KeyError("empty path")
    return box


def _u32(data: bytes, offset: int) -> int:
    return int(struct.unpack_from(">I", data, offset)[0])


def read_init(data: bytes) -> InitFacts:
    """Return the facts of the first track of an init segment."""
    media = child(data, None, "moov", "trak", "mdia")
    mdhd = child(data, media, "mdhd")
    stsd = child(data, media, "minf", "stbl", "stsd")
    entry = next(boxes(data, stsd.body + 8, stsd.end))
    trex = child(data, None, "moov", "mvex", "trex")
    visual = entry.kind.startswith(("avc", "hvc", "hev"))
    width, height = struct.unpack_from(">HH", data, entry.body + 24) if visual else (0, 0)
    return InitFacts(
        sample_entry=entry.kind,
        codec=_video_codec(data, entry) if visual else _audio_codec(data, entry),
        timescale=_u32(data, mdhd.body + (20 if data[mdhd.body] else 12)),
        width=width,
        height=height,
        default_duration=_u32(data, trex.body + 12),
        default_flags=_u32(data, trex.body + 20),
    )


def _video_codec(data: bytes, entry: Box) -> str:
    config = next(
        (box for box in boxes(data, entry.body + 78, entry.end) if box.kind == "avcC"), None
    )
    if config is None:
        return entry.kind
    return f"{entry.kind}.{data[config.body + 1 : config.body + 4].hex()}"


def _audio_codec(data: bytes, entry: Box) -> str:
    """Return mp4a.40.N, N being the object type in the first five bits of AudioSpecificConfig."""
    esds = next(
        (box for box in boxes(data, entry.body + 28, entry.end) if box.kind == "esds"), None
    )
    if esds is None:
        return entry.kind
    at = data.find(b"\x05", esds.body + 4 + 13, esds.end)  # DecoderSpecificInfo
    while data[at + 1] & 0x80:  # the long form of the descriptor's length
        at += 1
    return f"{entry.kind}.40.{data[at + 2] >> 3}"


def read_fragments(data: bytes, *, init: InitFacts) -> Iterator[Fragment]:
    for moof in boxes(data):
        if moof.kind != "moof":
            continue
        traf = child(data, moof, "traf")
        duration, flags = _track_defaults(data, child(data, traf, "tfhd"), init=init)
        samples = [
            sample
            for box in boxes(data, traf.body, traf.end)
            if box.kind == "trun"
            for sample in _run_samples(data, box, duration=duration, flags=flags)
        ]
        sync = [not sample_flags & NON_SYNC for _, sample_flags in samples]
        yield Fragment(
            start_ticks=_decode_time(data, child(data, traf, "tfdt"))[1],
            duration_ticks=sum(ticks for ticks, _ in samples),
            samples=len(samples),
            starts_with_sync=bool(sync) and sync[0],
            sync_samples=sum(sync),
        )


def _decode_time(data: bytes, tfdt: Box) -> tuple[str, int]:
    layout = ">Q" if data[tfdt.body] else ">I"
    return layout, int(struct.unpack_from(layout, data, tfdt.body + 4)[0])


def _track_defaults(data: bytes, tfhd: Box, *, init: InitFacts) -> tuple[int, int]:
    present = _u32(data, tfhd.body) & 0xFFFFFF
    offset = tfhd.body + 8
    duration = init.default_duration
    flags = init.default_flags
    for bit, size in ((0x1, 8), (0x2, 4), (0x8, 4), (0x10, 4), (0x20, 4)):
        if not present & bit:
            continue
        if bit == 0x8:
            duration = _u32(data, offset)
        elif bit == 0x20:
            flags = _u32(data, offset)
        offset += size
    return duration, flags


def _run_samples(data: bytes, trun: Box, *, duration: int, flags: int) -> Iterator[tuple[int, int]]:
    """Yield (duration, flags) of each sample."""
    present = _u32(data, trun.body) & 0xFFFFFF
    count = _u32(data, trun.body + 4)
    offset = trun.body + 8 + (4 if present & 0x1 else 0)
    first_flags = _u32(data, offset) if present & 0x4 else None
    offset += 4 if present & 0x4 else 0
    for number in range(count):
        ticks = duration
        sample_flags = flags
        if number == 0 and first_flags is not None:
            sample_flags = first_flags
        if present & 0x100:
            ticks = _u32(data, offset)
            offset = offset + 4
        offset += 4 if present & 0x200 else 0
        if present & 0x400:
            sample_flags = _u32(data, offset)
            offset = offset + 4
        offset += 4 if present & 0x800 else 0
        yield ticks, sample_flags


def shift(data: bytearray, *, ticks: int) -> None:
    """Move every fragment later by `ticks`, in place."""
    view = bytes(data)
    for box in boxes(view):
        if box.kind == "moof":
            tfdt = child(view, box, "traf", "tfdt")
            layout, start = _decode_time(view, tfdt)
            struct.pack_into(layout, data, tfdt.body + 4, start + ticks)
