"""The real end of a source's packets, from reading only its last seconds."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from streaming.encoding.diagnosis import diagnose
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.sources import DEEPEST_REORDER, WILD_SECONDS, input_args
from streaming.encoding.tools import ShouldStop, ffprobe_path, run_tool

TAIL_TIMEOUT_SECONDS = 3600  # an index-less file without a duration is read whole
WINDOWS_SECONDS = (10, 120, 1800)
ENOUGH_PACKETS = 8


@dataclass(frozen=True, kw_only=True)
class Tail:
    """Per stream index, in source seconds: the end of the last packet, and when packets begin."""

    ends: dict[int, float]
    begins: dict[int, Begins]
    mended: int = 0  # packets whose wild time was replaced


@dataclass(kw_only=True)
class Begins:
    """Times of a stream's packets as running sums, as a file without an index is read whole."""

    count: int = 0
    first: float = math.inf
    last: float = -math.inf
    before_last: float = -math.inf
    undated: bool = False  # without presentation times

    def add(self, at: float, *, undated: bool) -> None:
        self.count += 1
        self.undated = undated
        self.first = min(self.first, at)
        if at > self.last:
            self.before_last = self.last
            self.last = at
        else:
            self.before_last = max(self.before_last, at)

    @property
    def rate(self) -> Fraction | None:
        """Return packets a second; None for fewer than eight."""
        if self.count < ENOUGH_PACKETS or self.last <= self.first:
            return None
        return Fraction((self.count - 1) / (self.last - self.first)).limit_denominator(1001)


@dataclass(frozen=True, kw_only=True)
class _Times:
    shown: float  # the decoding time where the container stores no other
    decoded: float
    undated: bool
    length: float


class _Stream:
    """Packets of one stream, each added once the next is known: both correct a wild time."""

    def __init__(self) -> None:
        self.begins = Begins()
        self.end = 0.0
        self.mended = 0
        self._delay = 0.0  # of the last packet, from decoding to display, once mended
        self._before: _Times | None = None
        self._now: _Times | None = None

    def add(self, times: _Times | None) -> None:
        """Add a packet's times; None ends the stream."""
        if self._now is not None:
            shown = mended_time(self._before, self._now, times, delay=self._delay)
            self._delay = shown - self._now.decoded
            self.mended += shown != self._now.shown
            self.end = max(self.end, shown + self._now.length)
            self.begins.add(shown, undated=self._now.undated)
        self._before = self._now
        self._now = times


def mended_time(before: _Times | None, now: _Times, after: _Times | None, *, delay: float) -> float:
    """Return a packet's time as `sources.MEND_TIMES` corrects it, given its neighbours."""
    if before is None:  # a keyframe: nothing after it is shown before it
        wild_first = after is not None and now.shown - after.shown > WILD_SECONDS
        return after.shown if after is not None and wild_first else now.shown
    if now.shown == now.decoded and before.shown == before.decoded:
        far = [now.shown - other.shown for other in (before, after) if other is not None]
        wild = len(far) == 2 and (min(far) > WILD_SECONDS or max(far) < -WILD_SECONDS)
        return now.shown - sum(far) / 2 if wild else now.shown
    steps = [now.decoded - before.decoded, after.decoded - now.decoded if after else 0.0]
    if abs(now.shown - now.decoded) <= WILD_SECONDS + DEEPEST_REORDER * max(steps):
        return now.shown
    return now.decoded + delay


def read_tail(
    source: str,
    *,
    start: float,
    declared: float | None,
    stream_index: int,
    complete: bool,
    should_stop: ShouldStop,
) -> Tail:
    """Widen the window until it holds a packet of this stream; others may last much longer.

    Raises EncodingError: NO_FRAMES without such a packet; TRUNCATED when no packet at all is near
    the declared end, unless the file is `complete` and its head wrong.
    """
    for window in (*WINDOWS_SECONDS, None):
        if window is not None and (declared is None or declared <= window):
            continue
        begin = None if window is None or declared is None else start + declared - window
        tail = _read_packets(source, begin=begin, should_stop=should_stop)
        if stream_index in tail.ends:
            return tail
        if not complete and not tail.ends and declared is not None and begin is not None:
            raise EncodingError(ErrorCode.TRUNCATED, detail=f"no packet after {begin:.1f} s")
    raise EncodingError(ErrorCode.NO_FRAMES)


def _read_packets(source: str, *, begin: float | None, should_stop: ShouldStop) -> Tail:
    streams: dict[int, _Stream] = defaultdict(_Stream)

    def on_line(line: str) -> None:
        index, pts, dts, duration, flags, *_ = [*line.split("|"), *([""] * 5)]
        undated = pts in ("", "N/A")  # AVI stores no presentation times
        pts = dts if undated else pts
        if not index.isdigit() or pts in ("", "N/A") or "D" in flags:  # D: cut by an edit list
            return
        times = _Times(
            shown=float(pts),
            decoded=float(pts if dts in ("", "N/A") else dts),
            undated=undated,
            length=float(duration) if duration not in ("", "N/A") else 0.0,
        )
        streams[int(index)].add(times)

    command = [ffprobe_path(), "-hide_banner", "-v", "error", "-of", "compact=p=0:nk=1"]
    interval = [] if begin is None else ["-read_intervals", f"{begin:.3f}%"]
    entries = ["-show_entries", "packet=stream_index,pts_time,dts_time,duration_time,flags"]
    result = run_tool(
        [*command, *interval, *entries, *input_args(source)],
        on_line=on_line,
        timeout_seconds=TAIL_TIMEOUT_SECONDS,
        should_stop=should_stop,
    )
    problem = diagnose(exit_code=result.exit_code, stderr=result.stderr)
    if problem and (problem in (ErrorCode.SOURCE_UNAVAILABLE, ErrorCode.TOOL_KILLED)):
        raise EncodingError(problem, detail=result.stderr)
    for stream in streams.values():
        stream.add(None)
    return Tail(
        ends={index: stream.end for index, stream in streams.items()},
        begins={index: stream.begins for index, stream in streams.items()},
        mended=sum(stream.mended for stream in streams.values()),
    )
