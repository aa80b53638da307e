"""Loudness of the finished film's audio tracks compared with the source, every 20 ms.

Both are measured by their own timestamps, so sound that was lost, turned down or shifted shows.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise

from streaming.encoding.audio import spans_of
from streaming.encoding.facts import Notice, NoticeCode
from streaming.encoding.plan import AudioTrackPlan, EncodePlan
from streaming.encoding.sources import input_args
from streaming.encoding.stream_filter import CHECK_TIMEOUT_SECONDS, Blocks, run_on_stream
from streaming.encoding.tools import ShouldStop, ffmpeg_path, run_tool

BINS_A_SECOND = 50
RATE = 8000
QUIET_DB = -65.0
LOUD_DB = -45.0
LOUDER_DB = {True: 7.0, False: 3.0}  # by whether it is mixed down from more than two channels
STEP_WINDOW_SECONDS = 30
STEP_WINDOWS = 8
STEP_BINS = 3  # a smaller shift is not noticed
MOST_LAG_BINS = 20
Levels = list[float]  # decibels by bin of film time
METER = (
    f"aresample={RATE}:ochl=mono,asetnsamples=n={RATE // BINS_A_SECOND}:p=0"
    ",astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level"
    ",ametadata=mode=print:key=lavfi.astats.Overall.RMS_level:file=-"
)
AT = re.compile(r"pts_time:(-?[\d.]+)")
LEVEL = re.compile(r"RMS_level=(-?[\d.]+|-inf|nan)")


@dataclass
class _Meter:
    """Reader of the meter's lines into bins of film time."""

    levels: Levels
    zero: float
    at: float = 0.0

    def line(self, line: str) -> None:
        if match := AT.search(line):
            self.at = float(match[1])
        elif match := LEVEL.search(line):
            index = round((self.at - self.zero) * BINS_A_SECOND)
            level = float(match[1]) if match[1] not in ("-inf", "nan") else -math.inf
            if 0 <= index < len(self.levels):
                self.levels[index] = max(self.levels[index], level, -120.0)


def _empty(plan: EncodePlan) -> Levels:
    return [-120.0] * math.ceil(plan.duration_seconds * BINS_A_SECOND)


def source_levels(
    source: str, plan: EncodePlan, *, track: AudioTrackPlan, should_stop: ShouldStop
) -> Levels:
    """Return the loudness of a track of the source by bin of film time."""
    levels = _empty(plan)
    begin = 0.0
    chain = f"pan=mono|c0=c0,{METER}" if track.ambisonic else METER
    for span in spans_of(plan, track):
        if span.stream_index >= 0:
            opened = input_args(source, first_byte=span.first_byte, end_byte=span.end_byte)
            command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-v", "error", "-copyts", *opened]
            run_tool(
                [*command, "-map", f"0:{span.stream_index}", "-af", chain, "-f", "null", "-"],
                on_line=_Meter(levels, span.zero_seconds - begin).line,
                timeout_seconds=CHECK_TIMEOUT_SECONDS,
                should_stop=should_stop,
            )
        begin += span.seconds
    return levels


def stream_levels(blocks: Blocks, *, plan: EncodePlan, should_stop: ShouldStop) -> Levels:
    """Return the loudness of an encoded rendition by bin of film time."""
    levels = _empty(plan)
    args = ["-map", "0:a", "-af", METER]
    run_on_stream(args, blocks, on_line=_Meter(levels, 0.0).line, should_stop=should_stop)
    return levels


def compare_levels(source: Levels, film: Levels, *, track: AudioTrackPlan) -> list[Notice]:
    """Return notices of a track's differences: silence, loudness, time."""
    number = str(track.index + 1)
    notices = []
    if silent := _lost(source, film):
        at, seconds = silent
        values = {"track": number, "at": f"{at:.1f}", "seconds": f"{seconds:.1f}"}
        notices.append(Notice(code=NoticeCode.SILENCE_DIFFERS, values=values))
    difference = _loudness(film) - _loudness(source)
    mixed = track.source_channels > 2 and not track.ambisonic
    if not notices and abs(difference) > LOUDER_DB[mixed] and _loudness(source) > QUIET_DB:
        way = "louder" if difference > 0 else "quieter"
        values = {"track": number, "difference": f"{abs(difference):.0f}", "way": way}
        notices.append(Notice(code=NoticeCode.LOUDNESS_DIFFERS, values=values))
    # The bins by which the film's sound is late (negative: early) in most windows.
    width = STEP_WINDOW_SECONDS * BINS_A_SECOND
    starts = range(0, max(1, len(source) - width // 4), width)
    chosen = list(starts)[:: max(1, len(starts) // STEP_WINDOWS)]
    windows = [slice(first, first + width) for first in chosen]
    shifts = [_window_lag(source[window], film[window]) for window in windows]
    lags = [lag for lag in shifts if lag is not None]
    late = [lag for lag in lags if abs(lag) >= STEP_BINS]
    if late and len(late) * 2 > len(lags):
        lag = max(late, key=abs)
        values = {"track": number, "milliseconds": f"{lag * 1000 // BINS_A_SECOND}"}
        notices.append(Notice(code=NoticeCode.SOUND_OUT_OF_STEP, values=values))
    return notices


def _loudness(levels: Levels) -> float:
    power = sum(10 ** (level / 10) for level in levels if level > QUIET_DB)
    return 10 * math.log10(power / len(levels)) if power else -120.0


def _lost(source: Levels, film: Levels) -> tuple[float, float] | None:
    """Return (at, seconds) of the longest stretch loud in the source and silent in the film.

    A second counts only with several loud bins: a beep may be silent between.
    """
    second = BINS_A_SECOND
    missing: list[int] = []
    for first in range(0, len(source) - second + 1, second):
        loud = [index for index in range(first, first + second) if source[index] > LOUD_DB]
        gone = [index for index in loud if max(film[max(0, index - 2) : index + 3]) < QUIET_DB]
        if len(loud) >= 3 and len(gone) > 0.8 * len(loud):
            missing.append(first // second)
    if not missing:
        return None
    best = (missing[0], 1)
    run_length = 1
    for before, now in pairwise(missing):
        run_length = run_length + 1 if now == before + 1 else 1
        if run_length > best[1]:
            best = (now - run_length + 1, run_length)
    return float(best[0]), float(best[1])


def _window_lag(source: Levels, film: Levels) -> int | None:
    """Return the shift at which the rises of loudness agree best; None for a flat window."""
    rises = [_rise(source, index) for index in range(1, len(source))]
    other = [_rise(film, index) for index in range(1, len(film))]
    strong = [index for index, value in enumerate(rises) if value > 6]
    if len(strong) < 3:
        return None

    def agreement(lag: int) -> float:
        return sum(
            min(rises[index], other[index + lag])
            for index in strong
            if 0 <= index + lag < len(other)
        )

    best = max(
        range(-MOST_LAG_BINS, MOST_LAG_BINS + 1), key=lambda lag: (agreement(lag), -abs(lag))
    )
    return best if agreement(best) > 1.5 * agreement(0) else 0


def _rise(levels: Levels, index: int) -> float:
    return max(0.0, max(levels[index], -80.0) - max(levels[index - 1], -80.0))
