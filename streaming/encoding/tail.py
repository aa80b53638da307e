"""Where the packets of a source really end, from reading only its last seconds."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from streaming.encoding.diagnosis import diagnose
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.sources import input_args
from streaming.encoding.tools import ShouldStop, ffprobe_path, run

TAIL_TIMEOUT_SECONDS = 3600  # an index-less file without a duration is read whole
WINDOWS_SECONDS = (10, 120, 1800)
ENOUGH_PACKETS = 8


@dataclass(frozen=True, kw_only=True)
class Tail:
    """Per stream index, in source seconds: the end of the last packet, and when packets begin."""

    ends: dict[int, float]
    begins: dict[int, Begins]


@dataclass(kw_only=True)
class Begins:
    """Running sums only: an index-less file is read whole, three hours of packets."""

    count: int = 0
    first: float = math.inf
    last: float = -math.inf
    undated: bool = False  # without presentation times

    def add(self, at: float, *, undated: bool) -> None:
        self.count += 1
        self.undated = undated
        self.first, self.last = min(self.first, at), max(self.last, at)

    @property
    def rate(self) -> Fraction | None:
        """Packets a second; None for fewer than a handful."""
        if self.count < ENOUGH_PACKETS or self.last <= self.first:
            return None
        return Fraction((self.count - 1) / (self.last - self.first)).limit_denominator(1001)


def read_tail(
    source: str, *, start: float, declared: float | None, stream_index: int,
    should_stop: ShouldStop,
) -> Tail:  # fmt: skip
    """Widen the window until it holds a packet of this stream (others may go on long after it).

    Raises EncodingError NO_FRAMES when there is none, TRUNCATED when nothing at all is near the end
    although the head declares more.
    """
    for window in (*WINDOWS_SECONDS, None):
        if window is not None and (declared is None or declared <= window):
            continue
        begin = None if window is None or declared is None else start + declared - window
        tail = _read_packets(source, begin=begin, should_stop=should_stop)
        if stream_index in tail.ends:
            return tail
        if not tail.ends and declared is not None and begin is not None:
            raise EncodingError(ErrorCode.TRUNCATED, detail=f"no packet after {begin:.1f} s")
    raise EncodingError(ErrorCode.NO_FRAMES)


def _read_packets(source: str, *, begin: float | None, should_stop: ShouldStop) -> Tail:
    ends: dict[int, float] = {}
    begins: dict[int, Begins] = defaultdict(Begins)

    def on_line(line: str) -> None:
        index, pts, dts, duration, *_ = [*line.split("|"), "", "", ""]
        undated = pts in ("", "N/A")  # AVI stores no presentation times
        pts = dts if undated else pts
        if not index.isdigit() or pts in ("", "N/A"):
            return
        length = float(duration) if duration not in ("", "N/A") else 0.0
        ends[int(index)] = max(ends.get(int(index), 0.0), float(pts) + length)
        begins[int(index)].add(float(pts), undated=undated)

    result = run(
        [
            ffprobe_path(), "-hide_banner", "-v", "error", "-of", "compact=p=0:nk=1",
            *([] if begin is None else ["-read_intervals", f"{begin:.3f}%"]),
            "-show_entries", "packet=stream_index,pts_time,dts_time,duration_time",
            *input_args(source),
        ],
        on_line=on_line,
        timeout_seconds=TAIL_TIMEOUT_SECONDS,
        should_stop=should_stop,
    )  # fmt: skip
    problem = diagnose(exit_code=result.exit_code, stderr=result.stderr)
    if problem and (problem in (ErrorCode.SOURCE_UNAVAILABLE, ErrorCode.TOOL_KILLED)):
        raise EncodingError(problem, detail=result.stderr)
    return Tail(ends=ends, begins=begins)
