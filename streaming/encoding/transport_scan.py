"""Scan of a transport stream from its first packet to its last: clocks, keyframes, changes.

A transport stream has no index and no head with its length. Events of the recording (another
channel's picture size, a clock that began again) show only in its packets.
One pass of ffprobe reads the packets and decodes the keyframes alone. Other containers are scanned
only when their head and tail disagree.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from streaming.encoding.diagnosis import diagnose
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.facts import Shape
from streaming.encoding.sources import DEEPEST_REORDER, WILD_SECONDS, input_args, option_args
from streaming.encoding.tail import Begins, Tail
from streaming.encoding.tools import ShouldStop, ffprobe_path, never, run_tool

SCAN_TIMEOUT_SECONDS = 4 * 3600
BACKWARD_SECONDS = 0.5  # decoding times never run back within one recording
FORWARD_SECONDS = 10.0  # ffmpeg's own limit (-dts_delta_threshold): more is another recording
SEEK_POINT_SECONDS = 4.0
MOST_PARTS = 64
PACKET = "packet=codec_type,stream_index,pts_time,dts_time,duration_time,flags,pos"
FRAME = "frame=stream_index,pts_time,width,height,sample_aspect_ratio,interlaced_frame,channels"


@dataclass(frozen=True, kw_only=True)
class Jump:
    position: int  # byte of the first packet after it
    before: float
    after: float


@dataclass(kw_only=True)
class StreamScan:
    """Packets of one stream, in the order of the file."""

    begins: Begins = field(default_factory=Begins)
    end: float = -math.inf
    kind: str = ""  # ffmpeg's codec_type
    first_byte: int = -1
    last_byte: int = -1
    jumps: list[Jump] = field(default_factory=list)
    mended: int = 0  # single packets with a wild time
    channels: int = 0
    interlaced: int = 0
    shapes: list[Shape] = field(default_factory=list)
    sizes: set[tuple[int, int]] = field(default_factory=set)
    keyframes: list[float] = field(default_factory=list)
    _last: float = -math.inf
    _delay: float = 0.0
    _held: dict[str, str] | None = None

    def packet(self, row: dict[str, str]) -> None:
        """Take one packet; one far from the last waits until the next confirms or corrects it."""
        at = _decoding_time(row)
        if at is None:
            return
        if self._held is not None:
            held = self._held
            self._held = None
            there = _decoding_time(held) or 0.0
            if _far(there, at) and not _far(self._last, at):
                self.mended += 1
            else:
                self._jump(held, there)
                self._take(held)
        if self._last > -math.inf and _far(self._last, at):
            self._held = row
            return
        self._take(row)

    def finish(self) -> None:
        """Accept a last packet that is far from the one before, as nothing contradicts it."""
        if self._held is not None:
            self._jump(self._held, _decoding_time(self._held) or 0.0)
            self._take(self._held)
            self._held = None

    def _jump(self, row: dict[str, str], after: float) -> None:
        jump = Jump(position=int(row.get("pos", "-1")), before=self._last, after=after)
        self.jumps.append(jump)

    def _take(self, row: dict[str, str]) -> None:
        shown = _number(row.get("pts_time"))
        decoded = _number(row.get("dts_time"))
        at = self._shown(shown, decoded)
        self._last = decoded if decoded is not None else (shown or 0.0)
        if at is None:
            return
        position = int(row.get("pos", "-1").replace("N/A", "-1"))
        if self.first_byte < 0:
            self.first_byte = max(0, position)
            self.kind = row.get("codec_type", "")
        self.last_byte = max(self.last_byte, position)
        self.begins.add(at, undated=shown is None)
        self.end = max(self.end, at + (_number(row.get("duration_time")) or 0.0))
        spaced = not self.keyframes or abs(at - self.keyframes[-1]) >= SEEK_POINT_SECONDS
        if row.get("flags", "").startswith("K") and spaced:
            self.keyframes.append(at)

    def _shown(self, shown: float | None, decoded: float | None) -> float | None:
        """Return a packet's presentation time; replace one that no reordering explains."""
        if shown is None or decoded is None:
            return decoded if shown is None else shown
        step = max(0.0, decoded - self._last) if self._last > -math.inf else 0.0
        if abs(shown - decoded) > WILD_SECONDS + DEEPEST_REORDER * step:
            self.mended += 1
            return decoded + self._delay
        self._delay = shown - decoded
        return shown

    def frame(self, row: dict[str, str]) -> None:
        self.channels = max(self.channels, int(row.get("channels", "0")))
        if "width" not in row:
            return
        width = int(row["width"])
        height = int(row["height"])
        self.interlaced += row.get("interlaced_frame") == "1"
        self.sizes.add((width, height))
        aspect = Fraction(width, height)
        across, _, down = row.get("sample_aspect_ratio", "").partition(":")
        if across.isdigit() and down.isdigit() and int(across) and int(down):
            aspect *= Fraction(int(across), int(down))
        at = _number(row.get("pts_time"))
        if at is not None and (not self.shapes or self.shapes[-1].aspect != aspect):
            self.shapes.append(Shape(at_seconds=at, aspect=aspect))


@dataclass(frozen=True, kw_only=True)
class Scan:
    streams: dict[int, StreamScan]

    @property
    def tail(self) -> Tail:
        return Tail(
            ends={
                index: stream.end for index, stream in self.streams.items() if stream.begins.count
            },
            begins=defaultdict(Begins, {i: stream.begins for i, stream in self.streams.items()}),
        )

    @property
    def first_seconds(self) -> float:
        return min((stream.begins.first for stream in self.streams.values()), default=0.0)

    @property
    def last_byte(self) -> int:
        return max((stream.last_byte for stream in self.streams.values()), default=0)

    def cuts(self, video_index: int) -> list[Jump]:
        """Find where another recording begins, by the picture's clock; a mere hole is none."""
        video = self.streams.get(video_index)
        if video is None:
            return []
        cuts = [jump for jump in video.jumps if self._is_cut(jump, video_index)]
        if len(cuts) >= MOST_PARTS:
            raise EncodingError(ErrorCode.DAMAGED, detail=f"the clock jumps {len(cuts)} times")
        return cuts

    def _is_cut(self, jump: Jump, video_index: int) -> bool:
        """Return True unless the sound continues over the jump, and the last picture just stays."""
        if jump.after < jump.before:
            return True
        video = self.streams[video_index]
        if video.begins.count < 24 * (len(video.jumps) + 1):
            return False  # slides: each is shown longer than the limit
        sound = [
            stream
            for index, stream in self.streams.items()
            if index != video_index and stream.begins.count > 1 and stream.kind == "audio"
        ]
        for stream in sound:
            if stream.end <= jump.before + 2 or stream.begins.first >= jump.after - 2:
                continue  # it is on one side of the jump only, which is no evidence against it
            shared = [
                min(own.after, jump.after) - max(own.before, jump.before) for own in stream.jumps
            ]
            if max(shared, default=-math.inf) <= 0.8 * (jump.after - jump.before):
                return False
        return True

    def cut_position(self, jump: Jump) -> int:
        """Return the first byte of the recording after the jump, over all streams."""
        near = []
        for stream in self.streams.values():
            if not stream.jumps:
                continue
            own = min(stream.jumps, key=lambda other: abs(other.position - jump.position))
            if abs(own.after - jump.after) < FORWARD_SECONDS and own.position >= 0:
                near.append(own.position)
        return min([jump.position, *near])


def _far(before: float, after: float) -> bool:
    return after < before - BACKWARD_SECONDS or after > before + FORWARD_SECONDS


def _decoding_time(row: dict[str, str]) -> float | None:
    decoded = _number(row.get("dts_time"))
    return _number(row.get("pts_time")) if decoded is None else decoded


def _number(value: str | None) -> float | None:
    return None if value in (None, "", "N/A") else float(value or 0)


def scan(
    source: str,
    *,
    first_byte: int = 0,
    end_byte: int = 0,
    decode: bool = True,
    should_stop: ShouldStop = never,
) -> Scan:
    """Read every packet of the source, or of a range of its bytes. Raises EncodingError."""
    streams: dict[int, StreamScan] = defaultdict(StreamScan)

    def on_line(line: str) -> None:
        kind, *fields = line.split("|")
        row = dict(part.split("=", 1) for part in fields if "=" in part)
        index = row.get("stream_index", "")
        if not index.isdigit():
            return
        if kind == "packet":
            if "D" not in row.get("flags", ""):
                streams[int(index)].packet(row)
        elif kind == "frame":
            streams[int(index)].frame(row)

    entries = f"{PACKET}:{FRAME}" if decode else PACKET
    command = [ffprobe_path(), "-hide_banner", "-v", "error", "-of", "compact"]
    shown = option_args({"skip_frame": "nokey", "show_entries": entries})
    opened = input_args(source, first_byte=first_byte, end_byte=end_byte)
    result = run_tool(
        [*command, *shown, *opened],
        on_line=on_line,
        timeout_seconds=SCAN_TIMEOUT_SECONDS,
        should_stop=should_stop,
    )
    problem = diagnose(exit_code=result.exit_code, stderr=result.stderr)
    if problem in (ErrorCode.SOURCE_UNAVAILABLE, ErrorCode.TOOL_KILLED):
        raise EncodingError(problem, detail=result.stderr)
    for stream in streams.values():
        stream.finish()
    return Scan(streams=dict(streams))
