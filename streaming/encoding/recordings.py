"""Recordings of a transport stream: one or several joined, and sound that begins late."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from streaming.encoding.containers import table_before
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.facts import Notice, NoticeCode, Part
from streaming.encoding.sources import input_args
from streaming.encoding.tail import Tail
from streaming.encoding.tools import ShouldStop, ffprobe_path, run_tool
from streaming.encoding.transport_scan import MOST_PARTS, Jump, Scan, StreamScan, scan

OVERHANG_SECONDS = 0.5
UNREAD_BYTES = 64 * 1024  # a file's last packet, and stuffing
# ffmpeg probes the first five seconds. For sound that begins later it knows neither rate nor
# channels, so it is given the file from there.
LATE_SECONDS = 3.0
STRAY_PACKETS = 2
HEAD_TIMEOUT_SECONDS = 300
Head = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Recordings:
    """Recordings of a source; `parts` is empty for a single one."""

    tail: Tail
    video: StreamScan
    parts: tuple[Part, ...]
    seek_points: tuple[float, ...]
    notices: tuple[Notice, ...]


def find_recordings(
    source: str, head: Head, *, video_index: int, size_bytes: int, should_stop: ShouldStop
) -> Recordings:
    """Read the stream whole. Streams of `head` that begin late get what their own packets say."""
    whole = scan(source, should_stop=should_stop)
    video = whole.streams.get(video_index)
    if video is None or not video.begins.count:
        raise EncodingError(ErrorCode.NO_FRAMES)
    cuts = whole.cuts(video_index)
    starts = [table_before(source, position=whole.cut_position(cut)) for cut in cuts]
    starts += _unseen(source, whole, size_bytes=size_bytes, should_stop=should_stop)
    if starts:  # a stream that begins with a later recording belongs to that one alone
        head["streams"] = [
            stream
            for stream in head["streams"]
            if (found := whole.streams.get(int(stream["index"])))
            and 0 <= found.first_byte < starts[0]
        ]
    _complete_head(source, head, whole, should_stop=should_stop)
    bounds = [0, *sorted(starts), 0] if starts else []
    joined = [
        _part(
            source,
            head,
            first_byte=first,
            end_byte=end,
            video_index=video_index,
            should_stop=should_stop,
        )
        for first, end in pairwise(bounds)
    ]
    parts = tuple(part for part in joined if part is not None)
    return Recordings(
        tail=whole.tail,
        video=video,
        parts=parts,
        seek_points=() if parts else tuple(video.keyframes),
        notices=(*_notices(cuts, parts), *_changes(video)),
    )


def find_gaps(
    source: str, head: Head, *, video_index: int, should_stop: ShouldStop
) -> tuple[tuple[Part, ...], tuple[Notice, ...]]:
    """Find recordings in a file with an index, where the clock jumps ahead: a remuxed stream.

    Only their times separate them, so bytes are not given. Return ((), ()) for one recording.
    """
    whole = scan(source, decode=False, should_stop=should_stop)
    cuts = [cut for cut in whole.cuts(video_index) if cut.after > cut.before]
    video = whole.streams.get(video_index)
    if not cuts or video is None:
        return (), ()
    sounds = tuple(int(s["index"]) for s in head["streams"] if s.get("codec_type") == "audio")
    starts = [video.begins.first, *(cut.after for cut in cuts)]
    ends = [*(cut.before for cut in cuts), video.begins.last]
    frame = min(1.0, max(0.0, video.end - video.begins.last))
    parts = tuple(
        Part(
            first_byte=0,
            end_byte=0,
            start_seconds=start,
            end_seconds=end + frame,
            last_picture_seconds=end,
            video_index=video_index,
            audio_indices=sounds,
        )
        for start, end in zip(starts, ends, strict=True)
    )
    return parts, tuple(_notices(cuts, parts))


def _unseen(source: str, whole: Scan, *, size_bytes: int, should_stop: ShouldStop) -> list[int]:
    """Return the first bytes of recordings whose streams have other packet identifiers.

    ffprobe skips streams that its first tables do not name, so those recordings lie in bytes for
    which it shows no packet.
    """
    found: list[int] = []
    end = whole.last_byte
    while size_bytes - end > UNREAD_BYTES and len(found) < MOST_PARTS:
        head = _head_of(source, first_byte=end, end_byte=0, should_stop=should_stop)
        pictures = [
            stream for stream in head.get("streams", ()) if stream.get("codec_type") == "video"
        ]
        if not pictures:
            break
        rest = scan(source, first_byte=end, should_stop=should_stop)
        cuts = rest.cuts(int(pictures[0]["index"]))
        found += [end, *(end + rest.cut_position(cut) for cut in cuts)]
        if not rest.last_byte:
            break
        end += rest.last_byte
    return found


def _notices(cuts: list[Jump], parts: tuple[Part, ...]) -> list[Notice]:
    gaps = [jump for jump in cuts if jump.after > jump.before]
    found = []
    if len(parts) > len(gaps) + 1:
        values = {"count": str(len(parts) - len(gaps))}
        found.append(Notice(code=NoticeCode.RECORDINGS_JOINED, values=values))
    at = 0.0
    for jump, part in zip(cuts, parts, strict=False):
        at += part.end_seconds - part.start_seconds
        if jump in gaps:
            values = {"at": f"{at:.1f}", "seconds": f"{jump.after - jump.before:.0f}"}
            found.append(Notice(code=NoticeCode.GAP_CLOSED, values=values))
    return found


def _changes(video: StreamScan) -> list[Notice]:
    found = []
    if len(video.sizes) > 1:
        sizes = ", ".join(f"{width}x{height}" for width, height in sorted(video.sizes))
        found.append(Notice(code=NoticeCode.SIZE_CHANGES, values={"sizes": sizes}))
    elif len(video.shapes) > 1:
        found.append(Notice(code=NoticeCode.SHAPE_CHANGES))
    if video.mended:
        found.append(Notice(code=NoticeCode.TIMESTAMPS_MENDED))
    return found


def _head_of(source: str, *, first_byte: int, end_byte: int, should_stop: ShouldStop) -> Head:
    lines: list[str] = []
    command = [ffprobe_path(), "-hide_banner", "-v", "error", "-of", "json", "-show_streams"]
    opened = input_args(source, first_byte=first_byte, end_byte=end_byte)
    run_tool(
        [*command, "-probesize", "20M", *opened],
        on_line=lines.append,
        timeout_seconds=HEAD_TIMEOUT_SECONDS,
        should_stop=should_stop,
    )
    text = "\n".join(lines)
    return dict(json.loads(text)) if text else {}


def _complete_head(source: str, head: Head, whole: Scan, *, should_stop: ShouldStop) -> None:
    """Fill in sound that begins too late for the head to know its rate and channels."""
    for position, stream in enumerate(head["streams"]):
        index = int(stream["index"])
        found = whole.streams.get(index)
        if stream.get("codec_type") != "audio" or found is None or not found.begins.count:
            continue
        stream["channels"] = max(int(stream.get("channels") or 0), found.channels)
        late = found.begins.first - whole.first_seconds > LATE_SECONDS
        if not late and stream["channels"] and int(stream.get("sample_rate") or 0):
            continue
        first = table_before(source, position=found.first_byte)
        own = _head_of(source, first_byte=first, end_byte=0, should_stop=should_stop)
        same = (other for other in own.get("streams", ()) if other.get("id") == stream.get("id"))
        match = next(same, None)
        if match is not None:
            head["streams"][position] = {
                **match,
                "start_time": found.begins.first,
                "first_byte": first,
                "scan_index": index,
            }


def _part(
    source: str,
    head: Head,
    *,
    first_byte: int,
    end_byte: int,
    video_index: int,
    should_stop: ShouldStop,
) -> Part | None:
    """Return one recording by its own clock; None when it holds no picture."""
    span = {"first_byte": first_byte, "end_byte": end_byte}
    own = _head_of(source, **span, should_stop=should_stop).get("streams", [])
    found = scan(source, **span, decode=False, should_stop=should_stop)
    wanted = {int(stream["index"]): stream for stream in head["streams"]}
    video = _matching(own, wanted[video_index], found)
    if video < 0:
        return None
    sounds = [stream for stream in head["streams"] if stream.get("codec_type") == "audio"]
    indices = tuple(_matching(own, stream, found, nth) for nth, stream in enumerate(sounds))
    picture = found.streams[video]
    end = max([picture.end, *(found.streams[i].end for i in indices if i >= 0)])
    return Part(
        first_byte=first_byte,
        end_byte=end_byte,
        start_seconds=picture.begins.first,
        end_seconds=end if end - picture.end > OVERHANG_SECONDS else picture.end,
        last_picture_seconds=picture.begins.last,
        video_index=video,
        audio_indices=indices,
        seek_points=tuple(picture.keyframes),
    )


def _matching(own: list[Head], wanted: Head, found: Scan, nth: int = 0) -> int:
    """Return the recording's stream of the same packet identifier, else the nth of its kind.

    Return -1 when none of these holds more than the last packets of the recording before.
    """
    alike = [stream for stream in own if stream.get("codec_type") == wanted.get("codec_type")]
    choices = [stream for stream in alike if stream.get("id") == wanted.get("id")] + alike[
        nth : nth + 1
    ]
    for stream in choices:
        index = int(stream["index"])
        if index in found.streams and found.streams[index].begins.count > STRAY_PACKETS:
            return index
    return -1
