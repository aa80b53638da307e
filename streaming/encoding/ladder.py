"""The bitrate ladder, and the choice of its rungs for a picture.

Sizes are boxes, turned for portrait films: 1080p fits in 1920x1080 or 1080x1920. Bitrates are caps
(kb/s) on top of a constant quality: easy films cost fewer bytes. The lower a rung, the slower its
preset: it has few pixels, and most viewers in Uganda pay for each byte.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from streaming.encoding.records import Record


class RungTier(StrEnum):
    LOW = "low"  # what makes a film playable: rungs up to 360p
    HIGH = "high"


@dataclass(frozen=True, kw_only=True)
class RungSpec:
    name: str
    box_width: int
    box_height: int
    max_kbps: int
    crf: int
    preset: str


@dataclass(frozen=True, kw_only=True)
class Rung(Record):
    name: str
    width: int
    height: int
    max_kbps: int
    buffer_kbits: int
    crf: int
    preset: str
    frame_step: int  # 2: every second frame of the film's rate
    tier: RungTier


LADDER: tuple[RungSpec, ...] = (  # lowest first
    # 88 kb/s + 64 kb/s of audio keeps the peak under Apple's 192 kb/s for cellular (rule 9.21)
    RungSpec(name="144p", box_width=256, box_height=144, max_kbps=88, crf=24, preset="slower"),
    RungSpec(name="240p", box_width=426, box_height=240, max_kbps=250, crf=24, preset="slow"),
    RungSpec(name="360p", box_width=640, box_height=360, max_kbps=500, crf=23, preset="slow"),
    RungSpec(name="480p", box_width=854, box_height=480, max_kbps=1000, crf=23, preset="medium"),
    RungSpec(name="720p", box_width=1280, box_height=720, max_kbps=2500, crf=23, preset="fast"),
    RungSpec(
        name="1080p", box_width=1920, box_height=1080, max_kbps=5000, crf=23, preset="veryfast"
    ),
)
HALF_RATE_ABOVE = 30  # fps; low rungs of 50 and 60 fps films keep every second frame
NATIVE_RUNG_ABOVE = 1.15  # linear size over the largest fitting rung that earns a rung of its own
LOW_BOX_PIXELS = 640 * 360
SAME_SIZE = 1.01  # a source this close under a box counts as filling it


def choose_rungs(*, width: int, height: int, frame_rate: Fraction) -> tuple[Rung, ...]:
    """Return rungs for `width` x `height` square pixels, lowest first, never upscaled."""
    long_side = max(width, height)
    short_side = min(width, height)
    scales = [
        (spec, min(spec.box_width / long_side, spec.box_height / short_side)) for spec in LADDER
    ]
    fitting = [(spec, min(scale, 1.0)) for spec, scale in scales if scale <= SAME_SIZE]
    smallest_scale = fitting[-1][1] if fitting else 0.0
    if smallest_scale * NATIVE_RUNG_ABOVE < 1.0 and _box_height(width, height) < 1080:
        fitting.append((_native_spec(width=width, height=height), 1.0))
    rungs = []
    for spec, scale in fitting:
        low = spec.box_height <= 360
        rungs.append(
            Rung(
                name=spec.name,
                width=_even(width * scale, native=scale == 1.0),
                height=_even(height * scale, native=scale == 1.0),
                max_kbps=spec.max_kbps,
                buffer_kbits=spec.max_kbps,
                crf=spec.crf,
                preset=spec.preset,
                frame_step=2 if low and frame_rate > HALF_RATE_ABOVE else 1,
                tier=RungTier.LOW if low else RungTier.HIGH,
            )
        )
    return tuple(rungs)


def _box_height(width: int, height: int) -> int:
    """Return the height of the smallest 16:9 box, turned for portrait, around the picture."""
    long_side = max(width, height)
    short_side = min(width, height)
    return max(short_side, math.ceil(long_side * 9 / 16))


def _native_spec(*, width: int, height: int) -> RungSpec:
    """Return a rung at the source's own size, its cap interpolated by pixels between neighbours."""
    box = _box_height(width, height)
    above = next((spec for spec in LADDER if spec.box_height > box), LADDER[-1])
    below = next((spec for spec in reversed(LADDER) if spec.box_height < box), None)
    cap = above.max_kbps
    if below is not None:  # interpolated log-log: bits grow as a power of the pixel count
        share = math.log(box / below.box_height) / math.log(above.box_height / below.box_height)
        cap = round(below.max_kbps * math.pow(above.max_kbps / below.max_kbps, share))
    return RungSpec(
        name=f"{max(box, 2)}p",
        box_width=width,
        box_height=box,
        max_kbps=cap,
        crf=above.crf,
        preset=above.preset,
    )


def _even(size: float, *, native: bool) -> int:
    """Round a side to an even number, as 4:2:0 needs; never up at native size."""
    return max(2, int(size) // 2 * 2 if native else round(size / 2) * 2)
