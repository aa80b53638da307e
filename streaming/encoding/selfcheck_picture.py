"""Still pictures of the finished film compared with the source, to find frozen ones."""

from __future__ import annotations

import re

from streaming.encoding.decoders import ffmpeg_for
from streaming.encoding.facts import Notice, NoticeCode
from streaming.encoding.plan import EncodePlan
from streaming.encoding.sources import input_args
from streaming.encoding.stream_filter import CHECK_TIMEOUT_SECONDS, Blocks, run_on_stream
from streaming.encoding.tools import ShouldStop, run_tool

FROZEN_SECONDS = 1.0
MOST_CHECKS = 8  # of still pictures, the longest first
FREEZE = f"freezedetect=n=0.0005:d={FROZEN_SECONDS}"
DISTINCT = "mpdecimate=hi=768:lo=320:frac=0.2"
FROZEN_FROM = re.compile(r"freeze_start: ([\d.]+)")
FROZEN_FOR = re.compile(r"freeze_duration: ([\d.]+)")


def frozen_picture(
    source: str, plan: EncodePlan, *, lowest: Blocks, should_stop: ShouldStop
) -> list[Notice]:
    """Return a notice of the longest still picture that moves in the source, or nothing.

    `lowest` is the stream of the lowest rung.
    """
    args = ["-map", "0:v", "-vf", FREEZE]
    stderr = run_on_stream(args, lowest, on_line=None, should_stop=should_stop)
    starts = [float(value) for value in FROZEN_FROM.findall(stderr)]
    lengths = [float(value) for value in FROZEN_FOR.findall(stderr)]
    if len(starts) > len(lengths):  # it lasts to the end, which the filter does not report
        lengths.append(plan.duration_seconds - starts[-1])
    stills = sorted(zip(starts, lengths, strict=False), key=lambda still: -still[1])
    for at, seconds in stills[:MOST_CHECKS]:
        if _source_moves(source, plan, at=at, seconds=seconds, should_stop=should_stop):
            values = {"at": f"{at:.1f}", "seconds": f"{seconds:.1f}"}
            return [Notice(code=NoticeCode.PICTURE_FROZEN, values=values)]
    return []


def _source_moves(
    source: str, plan: EncodePlan, *, at: float, seconds: float, should_stop: ShouldStop
) -> bool:
    """Return True if the source's picture changes where the film's is frozen.

    Joined recordings are not checked, nor a container without an index beyond its first minutes,
    which would have to be read up to there.
    """
    if plan.stretches or (not plan.picture.indexed and at > 300):
        return False
    begin = plan.film_zero_seconds + at
    first = begin + 0.25 * seconds
    last = begin + 0.75 * seconds
    seek = ["-noaccurate_seek"]
    if plan.picture.indexed and at > 1:
        seek += ["-seek_timestamp", "1", "-ss", f"{begin - 1:.3f}"]
    chain = f"trim=start={first:.3f}:end={last:.3f},scale=64:36,{DISTINCT},showinfo"
    command = [ffmpeg_for(plan.picture.codec), "-hide_banner", "-nostdin", "-nostats", "-v", "info"]
    opened = [*seek, "-copyts", *input_args(source)]
    picked = ["-map", f"0:{plan.picture.stream_index}", "-vf", chain]
    output = ["-fps_mode", "passthrough", "-to", f"{last:.3f}", "-f", "null", "-"]
    result = run_tool(
        [*command, *opened, *picked, *output],
        timeout_seconds=CHECK_TIMEOUT_SECONDS,
        should_stop=should_stop,
    )
    return result.stderr.count("pts_time:") > max(3, 2 * seconds)
