"""Decisions of the plan, from made-up facts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.encoding.facts import AudioStream, ColorTags, SourceFacts, VideoStream
from streaming.encoding.plan import EncodePlan
from streaming.encoding.planner import cut_chunks, output_rate, plan_encode

VIDEO = VideoStream(
    index=0, codec="h264", coded_width=1920, coded_height=1080, sample_aspect=Fraction(1),
    rotation=0, display_width=1920, display_height=1080, average_frame_rate=Fraction(24),
    nominal_frame_rate=Fraction(24), interlaced=False, pixel_format="yuv420p", bit_depth=8,
    color=ColorTags(primaries=None, transfer=None, matrix=None, full_range=False), hdr=None,
    start_seconds=0.0, end_seconds=3600.0, late_seconds=0.0,
)  # fmt: skip
SOUND = AudioStream(
    index=1, codec="aac", channels=2, layout="stereo", sample_rate=48000, language="en", title="",
    default=True, start_seconds=0.0, end_seconds=3600.0,
)  # fmt: skip
FACTS = SourceFacts(
    container="mp4", size_bytes=1, start_seconds=0.0, duration_seconds=3600.0, video=VIDEO,
    audio=(SOUND,), subtitles=(), skipped=(),
)  # fmt: skip


def with_video(**changes: Any) -> SourceFacts:
    return replace(FACTS, video=replace(VIDEO, **changes))


@pytest.mark.parametrize(
    ("natural", "rate"),
    [
        (Fraction(24000, 1001), Fraction(24000, 1001)),
        (Fraction(2997, 100), Fraction(30000, 1001)),
        (Fraction(2931, 100), Fraction(30000, 1001)),
        (Fraction(15), Fraction(15)),
        (Fraction(120), Fraction(60)),
        (Fraction(1000), Fraction(60)),
    ],
)
def test_rate_is_the_nearest_standard(natural: Fraction, rate: Fraction) -> None:
    assert output_rate(natural) == rate


def test_hour_of_film() -> None:
    plan = plan_encode(FACTS)
    assert (plan.gop_frames, plan.segment_frames, plan.total_frames) == (48, 96, 86400)
    assert plan.chunks[0].frames == 8 * 96
    assert plan.chunks[-1].end_frame == plan.total_frames
    assert EncodePlan.from_json(plan.to_json()) == plan


@pytest.mark.parametrize("denominator", [1000, 1001])
def test_a_frame_is_whole_ticks(denominator: int) -> None:
    plan = plan_encode(with_video(average_frame_rate=Fraction(30000, denominator)))
    assert (plan.timescale / plan.frame_rate).denominator == 1


def test_sound_that_outlasts_the_picture_extends_it() -> None:
    short, long = (replace(FACTS, audio=(replace(SOUND, end_seconds=e),)) for e in (3600.4, 3605))
    assert plan_encode(short).total_frames == 86400
    assert plan_encode(long).total_frames == 86400 + 120


def test_half_rate_rungs_end_with_the_film() -> None:
    facts = with_video(average_frame_rate=Fraction(50), end_seconds=10.02)
    plan = plan_encode(replace(facts, audio=()))
    assert plan.total_frames == 502


def test_priming_before_the_picture_is_cut_and_leading_sound_kept() -> None:
    priming, leading = (
        replace(with_video(start_seconds=2.0), audio=(replace(SOUND, start_seconds=start),))
        for start in (1.98, 1.5)
    )
    assert plan_encode(priming).film_zero_seconds == 2.0
    assert plan_encode(leading).film_zero_seconds == 1.5


def test_mono_is_one_rendition_in_both_groups() -> None:
    mono = replace(SOUND, index=2, channels=1, language="lg", title='VJ "Junior", Katwe=1')
    first, second = plan_encode(replace(FACTS, audio=(SOUND, mono))).audio
    assert [r.name for r in first.renditions] == ["a1-en-lo", "a1-en-hi"]
    assert [(r.name, r.groups, r.channels) for r in second.renditions] == [
        ("a2-lg-lo", ("lo", "hi"), 1)
    ]
    assert second.label == "VJ Junior Katwe 1"


def test_small_films_have_no_hi_sound() -> None:
    plan = plan_encode(with_video(display_width=640, display_height=360))
    assert [r.kbps for r in plan.audio[0].renditions] == [64]


@pytest.mark.parametrize(("hours", "seconds"), [(0.25, 5), (1, 10), (3, 15)])
def test_storyboard_has_at_most_720_thumbs(hours: float, seconds: int) -> None:
    plan = plan_encode(replace(with_video(end_seconds=hours * 3600), audio=()))
    assert plan.stills.interval_frames == seconds * 24


@settings(deadline=None)  # the machine may be encoding at the same time
@given(total=st.integers(1, 5_000), segment=st.integers(1, 300), per_chunk=st.integers(1, 8))
def test_chunks_tile_the_film_on_the_segment_grid(total: int, segment: int, per_chunk: int) -> None:
    chunks = cut_chunks(total, segment_frames=segment, chunk_frames=segment * per_chunk)
    assert chunks[0].start_frame == 0
    assert chunks[-1].end_frame == total
    assert all(a.end_frame == b.start_frame for a, b in pairwise(chunks))
    assert all(chunk.start_frame % segment == 0 for chunk in chunks)
    assert len(chunks) == 1 or all(chunk.frames >= segment for chunk in chunks)


def test_a_plan_stored_before_a_field_existed_is_still_read() -> None:
    """Read an old plan, as subtitles are added to films encoded years ago."""
    stored = plan_encode(FACTS).to_json()
    for name in ("codec", "indexed", "sample_aspect", "last_shown", "shapes"):
        del stored["picture"][name]
    del stored["stretches"]
    for chunk in stored["chunks"]:
        del chunk["seek_seconds"]
    plan = EncodePlan.from_json(stored)
    assert (plan.stretches, plan.picture.indexed, plan.chunks[0].seek_seconds) == ((), True, None)
    assert plan.last_shown == plan.picture.last_frame - 1
    del stored["total_frames"]
    with pytest.raises(KeyError):
        EncodePlan.from_json(stored)
