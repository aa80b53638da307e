"""Planner: every decision about a film's encode, taken once from its facts, without I/O."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from streaming.encoding.facts import AudioStream, SourceFacts, SubtitleStream
from streaming.encoding.ladder import Rung, choose_rungs
from streaming.encoding.languages import unique_labels
from streaming.encoding.plan import (
    AudioRendition,
    AudioTrackPlan,
    Chunk,
    EncodePlan,
    PictureSource,
    ShapeChange,
    StillsPlan,
    SubtitleTrackPlan,
)
from streaming.encoding.recording_grid import plan_stretches, seekable_chunks

# Up to 15 frames a second: screen recordings and animation.
STANDARD_RATES = (
    Fraction(10),
    Fraction(12),
    Fraction(15),
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(48),
    Fraction(50),
    Fraction(60000, 1001),
    Fraction(60),
)
GOP_SECONDS = 2
SLIDE_FRAMES = 2  # a picture shown longer is a slide
OVERHANG_SECONDS = 0.5  # sound longer than the picture by more than this keeps its last frame up
LEADING_SOUND_SECONDS = 0.1  # sound before the first frame by less than this is encoder priming
LO_STEREO_KBPS = 64
LO_MONO_KBPS = 48
HI_KBPS = 128
HI_AUDIO_FROM_HEIGHT = 480
MIN_POSTERS = 6
MAX_THUMBS = 720


def plan_encode(
    facts: SourceFacts, *, segment_gops: int = 2, chunk_segments: int = 8
) -> EncodePlan:
    """Decide the encode. `segment_gops` x 2 s is a segment, `chunk_segments` of them a chunk."""
    rate = output_rate(facts.video.average_frame_rate)
    zero = film_zero(facts)
    rungs = choose_rungs(
        width=facts.video.display_width, height=facts.video.display_height, frame_rate=rate
    )
    step = max(rung.frame_step for rung in rungs)
    stretches = plan_stretches(facts, zero=zero, rate=rate, step=step)
    if stretches:
        last_frame = total = stretches[-1].end_frame
    else:
        last_frame = total = _last_frame(facts, zero, rate)
        sound_end = max((track.end_seconds for track in facts.audio), default=0.0)
        if sound_end - facts.video.end_seconds > OVERHANG_SECONDS:
            total = max(total, round((sound_end - zero) * rate))
        total = math.ceil(total / step) * step  # half-rate rungs end with the others
    gop = round(GOP_SECONDS * rate)
    segment = gop * segment_gops
    cut = cut_chunks(total, segment_frames=segment, chunk_frames=segment * chunk_segments)
    chunks = seekable_chunks(facts, cut, stretches=stretches, zero=zero, rate=rate)
    return EncodePlan(
        frame_rate=rate,
        timescale=rate.numerator if rate.denominator > 1 else rate.numerator * 1000,
        gop_frames=gop,
        segment_frames=segment,
        total_frames=total,
        film_zero_seconds=zero,
        picture=_picture(facts, last_frame=last_frame, zero=zero, rate=rate),
        rungs=rungs,
        chunks=chunks,
        audio=_audio_tracks(facts.audio, with_hi=wants_hi(rungs)),
        subtitles=_subtitle_tracks(facts.subtitles),
        stills=_stills(facts, rate=rate, total=total, chunks=len(chunks), step=step),
        stretches=stretches,
    )


def _last_frame(facts: SourceFacts, zero: float, rate: Fraction) -> int:
    """Return the grid frame at which the source's pictures end.

    A last picture shorter than a grid frame still gets a frame after a long one (slides), or it
    would never be shown.
    """
    video = facts.video
    last = max(1, round((video.end_seconds - zero) * rate))
    shown = round((video.last_start_seconds - zero) * rate)
    stood = video.last_start_seconds - video.before_last_seconds
    return shown + 1 if shown >= last and stood * rate > SLIDE_FRAMES else last


def output_rate(natural: Fraction) -> Fraction:
    """Return the standard rate nearest to the source's average; variable rates become constant."""
    return min(STANDARD_RATES, key=lambda rate: abs(rate - natural))


def film_zero(facts: SourceFacts) -> float:
    """Return the source seconds of film time 0: the first frame, or sound that clearly leads it."""
    lead = min((track.start_seconds for track in facts.audio), default=facts.video.start_seconds)
    if facts.video.start_seconds - lead > LEADING_SOUND_SECONDS:
        return lead
    return facts.video.start_seconds


def cut_chunks(total: int, *, segment_frames: int, chunk_frames: int) -> tuple[Chunk, ...]:
    """Cut chunks on the segment grid; a last one under a segment joins the one before."""
    starts = list(range(0, total, chunk_frames))
    if len(starts) > 1 and total - starts[-1] < segment_frames:
        starts.pop()
    ends = [*starts[1:], total]
    return tuple(
        Chunk(index=index, start_frame=start, end_frame=end)
        for index, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


def wants_hi(rungs: Iterable[Rung]) -> bool:
    return any(int(rung.name.removesuffix("p")) >= HI_AUDIO_FROM_HEIGHT for rung in rungs)


def _picture(facts: SourceFacts, *, last_frame: int, zero: float, rate: Fraction) -> PictureSource:
    video = facts.video
    turned = video.rotation in (90, 270)
    return PictureSource(
        stream_index=video.index,
        rotation=video.rotation,
        display_width=video.display_width,
        display_height=video.display_height,
        interlaced=video.interlaced,
        hdr=video.hdr,
        color=video.color,
        seek_margin_seconds=1.0,
        last_frame=last_frame,
        late_seconds=video.late_seconds,
        codec=video.codec,
        indexed=facts.container != "mpegts",
        sample_aspect=1 / video.sample_aspect if turned else video.sample_aspect,
        last_shown=min(last_frame - 1, max(0, round((video.last_start_seconds - zero) * rate))),
        shapes=tuple(
            ShapeChange(frame=round((shape.at_seconds - zero) * rate), aspect=shape.aspect)
            for shape in (() if facts.parts else video.shapes)  # their clocks are not the film's
        ),
    )


def _audio_tracks(streams: tuple[AudioStream, ...], *, with_hi: bool) -> tuple[AudioTrackPlan, ...]:
    labels = unique_labels([(stream.title, stream.language) for stream in streams], kind="Audio")
    default = next((i for i, stream in enumerate(streams) if stream.default), 0)
    return tuple(
        AudioTrackPlan(
            index=index,
            stream_index=stream.index,
            language=stream.language,
            label=labels[index],
            default=index == default,
            source_channels=stream.channels,
            renditions=audio_renditions(
                f"a{index + 1}-{stream.language.lower()}",
                channels=stream.channels,
                with_hi=with_hi,
            ),
            ambisonic=stream.ambisonic,
            first_byte=stream.first_byte,
        )
        for index, stream in enumerate(streams)
    )


def audio_renditions(stem: str, *, channels: int, with_hi: bool) -> tuple[AudioRendition, ...]:
    """Return a track's renditions: mono stays one, in both groups; other layouts become stereo."""
    groups = ("lo", "hi") if with_hi else ("lo",)
    if channels == 1:
        return (AudioRendition(name=f"{stem}-lo", groups=groups, kbps=LO_MONO_KBPS, channels=1),)
    kbps = {"lo": LO_STEREO_KBPS, "hi": HI_KBPS}
    return tuple(
        AudioRendition(name=f"{stem}-{group}", groups=(group,), kbps=kbps[group], channels=2)
        for group in groups
    )


def _subtitle_tracks(streams: tuple[SubtitleStream, ...]) -> tuple[SubtitleTrackPlan, ...]:
    labels = unique_labels(
        [(s.title, s.language) for s in streams],
        kind="Subtitles",
        forced=[s.forced for s in streams],
    )
    default = next((i for i, stream in enumerate(streams) if stream.default), None)
    return tuple(
        SubtitleTrackPlan(
            name=f"s{index + 1}-{stream.language.lower()}",
            stream_index=stream.index,
            language=stream.language,
            label=labels[index],
            default=index == default,
            forced=stream.forced,
            codec=stream.codec,
        )
        for index, stream in enumerate(streams)
    )


def _stills(
    facts: SourceFacts, *, rate: Fraction, total: int, chunks: int, step: int
) -> StillsPlan:
    seconds = float(total / rate)
    interval = 5 if seconds <= 30 * 60 else 10
    interval = max(interval, math.ceil(seconds / MAX_THUMBS / 5) * 5)
    width = facts.video.display_width
    height = facts.video.display_height
    thumb = min(1.0, 160 / max(width, 1))
    poster = min(1.0, 1280 / max(width, height))
    return StillsPlan(
        interval_frames=max(step, round(interval * rate / step) * step),
        thumb_width=_even(width * thumb),
        thumb_height=_even(height * thumb),
        poster_width=_even(width * poster),
        poster_height=_even(height * poster),
        posters_per_chunk=math.ceil(MIN_POSTERS / chunks),
    )


def _even(size: float) -> int:
    return max(2, round(size / 2) * 2)
