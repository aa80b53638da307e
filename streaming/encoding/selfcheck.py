"""The finished film compared with its source, by measures that the encode itself does not use.

Loudness every 20 ms of both, by their own timestamps: sound that was lost, turned down or shifted
shows. The lowest rung is looked at for pictures that stand still, and where one does, the source
too. Costs about a hundredth of the encode. A difference is a notice, not a failure: the source may
be odd, and a person decides.
"""

from __future__ import annotations

import math
import os
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from streaming.encoding.audio import Span, spans_of
from streaming.encoding.decoders import ffmpeg_for
from streaming.encoding.facts import Notice, NoticeCode
from streaming.encoding.package_input import strip_repeated_inits
from streaming.encoding.plan import AudioTrackPlan, EncodePlan
from streaming.encoding.results import RenditionFacts
from streaming.encoding.sources import input_args
from streaming.encoding.tools import OnLine, ShouldStop, ffmpeg_path, never, run_tool

CHECK_TIMEOUT_SECONDS = 3600
BINS_A_SECOND = 50
RATE = 8000
QUIET_DB, LOUD_DB = -65.0, -45.0
SILENT_SECONDS = 1.0  # sound that is missing for less is not told
LOUDER_DB = {True: 7.0, False: 3.0}  # by whether it is mixed down from more than two channels
STEP_WINDOW_SECONDS, MOST_LAG_BINS, STEP_BINS = 30, 20, 3
STEP_WINDOWS = 8
FROZEN_SECONDS = 1.0
MOST_LOOKS = 8
Blocks = Iterable[bytes]
Levels = list[float]  # decibels by bin of film time


def check_film(
    source: str,
    plan: EncodePlan,
    *,
    renditions: Sequence[RenditionFacts],
    lowest: Blocks,
    audio: Mapping[int, Blocks],
    should_stop: ShouldStop = never,
) -> tuple[Notice, ...]:
    """`lowest` is the lowest rung's stream, `audio` a rendition of each track by its index."""
    found = _counts(plan, renditions)
    for track in plan.audio:
        if track.index in audio:
            made = _levels_of_stream(audio[track.index], plan=plan, should_stop=should_stop)
            own = _levels_of_source(source, plan, track=track, should_stop=should_stop)
            found += compare_levels(own, made, track=track)
    found += _frozen(source, plan, lowest=lowest, should_stop=should_stop)
    return tuple(found)


def _counts(plan: EncodePlan, renditions: Sequence[RenditionFacts]) -> list[Notice]:
    """The packager's segments against the plan."""
    found: dict[NoticeCode, Notice] = {}
    steps = {f"v{rung.name.removesuffix('p')}": rung.frame_step for rung in plan.rungs}
    for one in renditions:
        seconds = sum(segment.duration_ticks for segment in one.segments) / one.timescale
        if abs(seconds - plan.duration_seconds) > max(0.05, 1.5 / float(plan.frame_rate)):
            values = {"made": f"{seconds:.2f}", "planned": f"{plan.duration_seconds:.2f}"}
            code = NoticeCode.LENGTH_DIFFERS
            found.setdefault(code, Notice(code=code, values=values))
        if one.kind != "video":
            continue
        frames = sum(segment.samples for segment in one.segments) * steps[one.name]
        if frames != plan.total_frames:
            values = {"made": str(frames), "planned": str(plan.total_frames)}
            code = NoticeCode.FRAMES_DIFFER
            found.setdefault(code, Notice(code=code, values=values))
    return list(found.values())


# ── Sound ───────────────────────────────────────────────────────────────────────────────

METER = (
    f"aresample={RATE}:ochl=mono,asetnsamples=n={RATE // BINS_A_SECOND}:p=0"
    ",astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level"
    ",ametadata=mode=print:key=lavfi.astats.Overall.RMS_level:file=-"
)
AT = re.compile(r"pts_time:(-?[\d.]+)")
LEVEL = re.compile(r"RMS_level=(-?[\d.]+|-inf|nan)")


@dataclass
class _Meter:
    """Reads the meter's lines into bins of film time."""

    levels: Levels
    zero: float
    at: float = 0.0

    def line(self, line: str) -> None:
        if found := AT.search(line):
            self.at = float(found[1])
        elif found := LEVEL.search(line):
            place = round((self.at - self.zero) * BINS_A_SECOND)
            level = float(found[1]) if found[1] not in ("-inf", "nan") else -math.inf
            if 0 <= place < len(self.levels):
                self.levels[place] = max(self.levels[place], level, -120.0)


def _empty(plan: EncodePlan) -> Levels:
    return [-120.0] * math.ceil(plan.duration_seconds * BINS_A_SECOND)


def _levels_of_source(
    source: str, plan: EncodePlan, *, track: AudioTrackPlan, should_stop: ShouldStop
) -> Levels:
    levels = _empty(plan)
    begin = 0.0
    for span in spans_of(plan, track):
        if span.stream_index >= 0:
            _meter_span(source, span, levels=levels, begin=begin, track=track,
                        should_stop=should_stop)  # fmt: skip
        begin += span.seconds
    return levels


def _meter_span(
    source: str, span: Span, *, levels: Levels, begin: float, track: AudioTrackPlan,
    should_stop: ShouldStop,
) -> None:  # fmt: skip
    chain = f"pan=mono|c0=c0,{METER}" if track.ambisonic else METER
    run_tool(
        [ffmpeg_path(), "-hide_banner", "-nostdin", "-v", "error", "-copyts",
         *input_args(source, first_byte=span.first_byte, end_byte=span.end_byte),
         "-map", f"0:{span.stream_index}", "-af", chain, "-f", "null", "-"],
        on_line=_Meter(levels, span.zero_seconds - begin).line,
        timeout_seconds=CHECK_TIMEOUT_SECONDS,
        should_stop=should_stop,
    )  # fmt: skip


def _levels_of_stream(blocks: Blocks, *, plan: EncodePlan, should_stop: ShouldStop) -> Levels:
    levels = _empty(plan)
    _run_on_stream(["-map", "0:a", "-af", METER], blocks, on_line=_Meter(levels, 0.0).line,
                   should_stop=should_stop)  # fmt: skip
    return levels


def _run_on_stream(
    args: list[str], blocks: Blocks, *, on_line: OnLine | None, should_stop: ShouldStop
) -> str:
    """Run ffmpeg on fragmented MP4 that comes through a pipe; returns its stderr."""
    read_fd, write_fd = os.pipe()
    feeder = threading.Thread(target=_feed, args=(write_fd, blocks), daemon=True)
    feeder.start()
    result = run_tool(
        [ffmpeg_path(), "-hide_banner", "-nostdin", "-v", "info", "-nostats", "-i",
         f"pipe:{read_fd}", *args, "-f", "null", "-"],
        on_line=on_line,
        timeout_seconds=CHECK_TIMEOUT_SECONDS,
        should_stop=should_stop,
        pass_fds=[read_fd],
    )  # fmt: skip
    feeder.join()
    return result.stderr


def _feed(fd: int, blocks: Blocks) -> None:
    with os.fdopen(fd, "wb", buffering=0) as pipe:
        try:
            for piece in strip_repeated_inits(blocks):
                pipe.write(piece)
        except BrokenPipeError:
            return  # ffmpeg is gone; what it read tells


def compare_levels(source: Levels, made: Levels, *, track: AudioTrackPlan) -> list[Notice]:
    """What differs between the two, of the track."""
    number = str(track.index + 1)
    found = []
    if silent := _lost(source, made):
        at, seconds = silent
        values = {"track": number, "at": f"{at:.1f}", "seconds": f"{seconds:.1f}"}
        found.append(Notice(code=NoticeCode.SILENCE_DIFFERS, values=values))
    difference = _loudness(made) - _loudness(source)
    mixed = track.source_channels > 2 and not track.ambisonic
    if not found and abs(difference) > LOUDER_DB[mixed] and _loudness(source) > QUIET_DB:
        way = "louder" if difference > 0 else "quieter"
        values = {"track": number, "difference": f"{abs(difference):.0f}", "way": way}
        found.append(Notice(code=NoticeCode.LOUDNESS_DIFFERS, values=values))
    if lag := _lag(source, made):
        values = {"track": number, "milliseconds": f"{lag * 1000 // BINS_A_SECOND}"}
        found.append(Notice(code=NoticeCode.SOUND_OUT_OF_STEP, values=values))
    return found


def _loudness(levels: Levels) -> float:
    power = sum(10 ** (level / 10) for level in levels if level > QUIET_DB)
    return 10 * math.log10(power / len(levels)) if power else -120.0


def _lost(source: Levels, made: Levels) -> tuple[float, float] | None:
    """(at, seconds) of the longest stretch that is loud in the source and silent in the film. Loud
    bins count where there are several in any second: a beep may be silent between.
    """
    second = BINS_A_SECOND
    missing: list[int] = []
    for first in range(0, len(source) - second + 1, second):
        loud = [place for place in range(first, first + second) if source[place] > LOUD_DB]
        gone = [place for place in loud if _near(made, place) < QUIET_DB]
        if len(loud) >= 3 and len(gone) > 0.8 * len(loud):
            missing.append(first // second)
    if not missing:
        return None
    best, run_length = (missing[0], 1), 1
    for before, now in pairwise(missing):
        run_length = run_length + 1 if now == before + 1 else 1
        if run_length > best[1]:
            best = (now - run_length + 1, run_length)
    return float(best[0]), float(best[1])


def _near(levels: Levels, place: int) -> float:
    return max(levels[max(0, place - 2) : place + 3])


def _lag(source: Levels, made: Levels) -> int:
    """Bins by which the film's sound is late (negative: early) in most places; 0: in step."""
    width = STEP_WINDOW_SECONDS * BINS_A_SECOND
    starts = range(0, max(1, len(source) - width // 4), width)
    chosen = list(starts)[:: max(1, len(starts) // STEP_WINDOWS)]
    lags = [lag for first in chosen
            if (lag := _window_lag(source[first : first + width], made[first : first + width]))
            is not None]  # fmt: skip
    late = [lag for lag in lags if abs(lag) >= STEP_BINS]
    return max(late, key=abs) if late and len(late) * 2 > len(lags) else 0


def _window_lag(source: Levels, made: Levels) -> int | None:
    """The shift at which the two edges of loudness agree best; None for a flat window."""
    rises = [_rise(source, place) for place in range(1, len(source))]
    other = [_rise(made, place) for place in range(1, len(made))]
    strong = [place for place, value in enumerate(rises) if value > 6]
    if len(strong) < 3:
        return None

    def agreement(lag: int) -> float:
        return sum(
            min(rises[place], other[place + lag])
            for place in strong
            if 0 <= place + lag < len(other)
        )

    best = max(
        range(-MOST_LAG_BINS, MOST_LAG_BINS + 1), key=lambda lag: (agreement(lag), -abs(lag))
    )
    return best if agreement(best) > 1.5 * agreement(0) else 0


def _rise(levels: Levels, place: int) -> float:
    return max(0.0, max(levels[place], -80.0) - max(levels[place - 1], -80.0))


# ── Picture ─────────────────────────────────────────────────────────────────────────────

FREEZE = f"freezedetect=n=0.0005:d={FROZEN_SECONDS}"
DISTINCT = "mpdecimate=hi=768:lo=320:frac=0.2"
FROZEN_FROM = re.compile(r"freeze_start: ([\d.]+)")
FROZEN_FOR = re.compile(r"freeze_duration: ([\d.]+)")


def _frozen(
    source: str, plan: EncodePlan, *, lowest: Blocks, should_stop: ShouldStop
) -> list[Notice]:
    stderr = _run_on_stream(["-map", "0:v", "-vf", FREEZE], lowest, on_line=None,
                            should_stop=should_stop)  # fmt: skip
    starts = [float(value) for value in FROZEN_FROM.findall(stderr)]
    lengths = [float(value) for value in FROZEN_FOR.findall(stderr)]
    if len(starts) > len(lengths):  # it stands to the end, which the filter does not tell
        lengths.append(plan.duration_seconds - starts[-1])
    stills = sorted(zip(starts, lengths, strict=False), key=lambda still: -still[1])
    for at, seconds in stills[:MOST_LOOKS]:
        if _source_moves(source, plan, at=at, seconds=seconds, should_stop=should_stop):
            values = {"at": f"{at:.1f}", "seconds": f"{seconds:.1f}"}
            return [Notice(code=NoticeCode.PICTURE_FROZEN, values=values)]
    return []


def _source_moves(
    source: str, plan: EncodePlan, *, at: float, seconds: float, should_stop: ShouldStop
) -> bool:
    """Whether the source's picture changes where the film's stands still. Not asked of recordings
    that were joined, nor of a container without an index beyond its first minutes: it would have to
    be read to there.
    """
    if plan.stretches or (not plan.picture.indexed and at > 300):
        return False
    begin = plan.film_zero_seconds + at
    first, last = begin + 0.25 * seconds, begin + 0.75 * seconds
    seek = (
        ["-seek_timestamp", "1", "-ss", f"{begin - 1:.3f}"]
        if plan.picture.indexed and at > 1
        else []
    )
    chain = f"trim=start={first:.3f}:end={last:.3f},scale=64:36,{DISTINCT},showinfo"
    result = run_tool(
        [ffmpeg_for(plan.picture.codec), "-hide_banner", "-nostdin", "-nostats", "-v", "info",
         "-noaccurate_seek", *seek, "-copyts", *input_args(source), "-map",
         f"0:{plan.picture.stream_index}", "-vf", chain, "-fps_mode", "passthrough", "-to",
         f"{last:.3f}", "-f", "null", "-"],
        timeout_seconds=CHECK_TIMEOUT_SECONDS,
        should_stop=should_stop,
    )  # fmt: skip
    return result.stderr.count("pts_time:") > max(3, 2 * seconds)
