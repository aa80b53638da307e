"""Bit rates as RFC 8216bis 4.4.6.2 defines them, from the segments themselves."""

from __future__ import annotations

from collections.abc import Sequence

from streaming.encoding.results import SegmentFacts


def bandwidths(segments: Sequence[SegmentFacts], *, timescale: int) -> tuple[int, int]:
    """Return (average, peak) in bits per second.

    Peak is the largest rate of any contiguous run of segments lasting between 0.5 and 1.5 target
    durations: a sliver of a last segment does not count alone.
    """
    seconds = [segment.duration_ticks / timescale for segment in segments]
    bits = [segment.bytes * 8 for segment in segments]
    average = sum(bits) / sum(seconds)
    target = round(max(seconds)) or 1
    rates = [average]
    for first in range(len(segments)):
        length = 0.0
        size = 0
        for last in range(first, len(segments)):
            length = length + seconds[last]
            size = size + bits[last]
            if length > 1.5 * target:
                break
            if length >= 0.5 * target:
                rates.append(size / length)
    return round(average), round(max(rates))
