"""Several recordings on one grid, and the start of decoding in a file without an index."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from streaming.encoding.facts import SourceFacts
from streaming.encoding.plan import Chunk, Stretch

SEEK_BACK_SECONDS = 0.7  # a demuxer seeks by decoding time, which precedes the picture's


def plan_stretches(
    facts: SourceFacts, *, zero: float, rate: Fraction, step: int
) -> tuple[Stretch, ...]:
    """Return a stretch per recording, each starting where the one before ends; else ().

    Film zero of the first is the film's own; the others begin with their first picture.
    """
    found: list[Stretch] = []
    at = 0
    for number, part in enumerate(facts.parts):
        begin = zero if number == 0 else part.start_seconds
        frames = max(1, round((part.end_seconds - begin) * rate))
        if number == len(facts.parts) - 1:
            frames = math.ceil((at + frames) / step) * step - at
        found.append(
            Stretch(
                start_frame=at,
                end_frame=at + frames,
                zero_seconds=begin - float(at / rate),
                last_shown=at + max(0, round((part.last_picture_seconds - begin) * rate)),
                first_byte=part.first_byte,
                end_byte=part.end_byte,
                video_index=part.video_index,
                audio_indices=part.audio_indices,
            )
        )
        at += frames
    return tuple(found)


def seekable_chunks(
    facts: SourceFacts,
    chunks: Sequence[Chunk],
    *,
    stretches: Sequence[Stretch],
    zero: float,
    rate: Fraction,
) -> tuple[Chunk, ...]:
    """Return a transport stream's chunks with the keyframe that precedes each."""
    if facts.container != "mpegts":
        return tuple(chunks)
    found = []
    for chunk in chunks:
        points = facts.seek_points
        own_zero = zero
        begin = 0
        for part, stretch in zip(facts.parts, stretches, strict=True):
            if stretch.start_frame <= chunk.start_frame < stretch.end_frame:
                points = part.seek_points
                own_zero = stretch.zero_seconds
                begin = stretch.start_frame
        seek: float | None = None
        if chunk.start_frame > begin:
            # The last keyframe surely before the chunk; None: decode from the beginning.
            at = own_zero + float(chunk.start_frame / rate)
            index = bisect_right(points, at - SEEK_BACK_SECONDS) - 1
            seek = points[index] if index > 0 else None
        found.append(replace(chunk, seek_seconds=seek))
    return tuple(found)
