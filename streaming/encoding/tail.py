"""Where the packets of a source really end, from reading only its last seconds."""

from __future__ import annotations

from dataclasses import dataclass

from streaming.encoding.diagnosis import diagnose
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.sources import input_args
from streaming.encoding.tools import ShouldStop, ffprobe_path, run

TAIL_TIMEOUT_SECONDS = 3600  # an index-less file without a duration is read whole
WINDOWS_SECONDS = (10, 120, 1800)


@dataclass(frozen=True, kw_only=True)
class Tail:
    """Per stream index: the end of the last packet, in source seconds."""

    ends: dict[int, float]


def read_tail(
    source: str, *, start: float, declared: float | None, video_index: int,
    should_stop: ShouldStop,
) -> Tail:  # fmt: skip
    """Widen the window until it holds a video packet (sound may go on long after the picture).

    Raises EncodingError NO_FRAMES when there is none, TRUNCATED when nothing at all is near the end
    although the head declares more.
    """
    for window in (*WINDOWS_SECONDS, None):
        if window is not None and (declared is None or declared <= window):
            continue
        begin = None if window is None or declared is None else start + declared - window
        tail = _read_packets(source, begin=begin, should_stop=should_stop)
        if video_index in tail.ends:
            return tail
        if not tail.ends and declared is not None and begin is not None:
            raise EncodingError(ErrorCode.TRUNCATED, detail=f"no packet after {begin:.1f} s")
    raise EncodingError(ErrorCode.NO_FRAMES)


def _read_packets(source: str, *, begin: float | None, should_stop: ShouldStop) -> Tail:
    ends: dict[int, float] = {}

    def on_line(line: str) -> None:
        index, pts, dts, duration, *_ = [*line.split("|"), "", "", ""]
        pts = dts if pts in ("", "N/A") else pts  # AVI stores no presentation times
        if not index.isdigit() or pts in ("", "N/A"):
            return
        length = float(duration) if duration not in ("", "N/A") else 0.0
        ends[int(index)] = max(ends.get(int(index), 0.0), float(pts) + length)

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
    return Tail(ends=ends)
