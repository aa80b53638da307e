"""Single sounds as samples between about -1 and 1."""

import math
from collections.abc import Iterable
from functools import cache
from random import Random

RATE = 24_000
Samples = tuple[float, ...]

# First two formants of each vowel in Hz, which are enough to distinguish vowels.
VOWELS = {"a": (800, 1250), "e": (480, 1900), "i": (310, 2250), "o": (480, 880), "u": (330, 750)}


@cache
def pluck(hz: float, seconds: float = 1.1) -> Samples:
    """Return the sound of an akogo's tongue: soft, with a short buzz."""
    return _partials(hz, ((1, 1.0, 3.4), (2, 0.28, 6), (5.4, 0.16, 16)), seconds)


@cache
def marimba(hz: float, seconds: float = 0.6) -> Samples:
    """Return the sound of an amadinda's key: wood, high and short."""
    return _partials(hz, ((1, 1.0, 7.5), (3.93, 0.34, 18), (9.2, 0.1, 40)), seconds)


@cache
def bass(hz: float, seconds: float = 0.9) -> Samples:
    return _partials(hz, ((1, 1.0, 3.5), (2, 0.4, 5), (3, 0.15, 8)), seconds)


@cache
def flute(hz: float, seconds: float = 1.4) -> Samples:
    """Return the sound of an endere, which swells and fades."""
    step = math.tau * hz / RATE
    total = int(seconds * RATE)
    found = []
    for n in range(total):
        t = n / RATE
        shape = min(1.0, t * 9) * min(1.0, (seconds - t) * 4)
        x = step * n + 0.25 * math.sin(31 * t) * min(1.0, t * 2)
        found.append(shape * (0.8 * math.sin(x) + 0.16 * math.sin(2 * x) + 0.05 * math.sin(3 * x)))
    return tuple(found)


@cache
def drum(hz: float, seconds: float = 0.5) -> Samples:
    """Return the sound of a drum skin, whose pitch falls as it decays."""
    found = []
    x = 0.0
    for n in range(int(seconds * RATE)):
        t = n / RATE
        x += math.tau * hz * (1 + 0.9 * math.exp(-t * 42)) / RATE
        found.append(math.sin(x) * math.exp(-t * 9.5))
    return tuple(found)


@cache
def shaker(seconds: float = 0.09) -> Samples:
    random = Random(1)  # noqa: S311  # noise
    last = 0.0
    found = []
    for n in range(int(seconds * RATE)):
        noise = random.uniform(-1, 1)
        found.append((noise - last) * 0.5 * math.exp(-n / RATE * 45))
        last = noise
    return tuple(found)


@cache
def rain(seconds: float = 6.0) -> Samples:
    """Return a seamless loop of steady rain, with single drops on iron."""
    random = Random(2)  # noqa: S311  # noise
    low = 0.0
    found = []
    for _ in range(int(seconds * RATE)):
        low += 0.35 * (random.uniform(-1, 1) - low)
        drop = random.uniform(-1, 1) if random.random() < 0.004 else 0.0
        found.append(0.28 * low + 0.5 * drop)
    return tuple(found)


@cache
def syllable(vowel: str, hz: float, *, seconds: float, rise: float = 0.0) -> Samples:
    """Return a sung vowel whose pitch changes by `rise`."""
    first, second = VOWELS[vowel]
    weights = [
        (k, _peak(k * hz, first, 140) + 0.5 * _peak(k * hz, second, 220) + 0.05 / k)
        for k in range(1, 14)
    ]
    total = int(seconds * RATE)
    found = []
    x = 0.0
    for n in range(total):
        share = n / total
        x += math.tau * hz * (1 + rise * share) / RATE
        shape = min(1.0, n / 300) * (1 - share) ** 0.6
        found.append(shape * sum(w * math.sin(k * x) for k, w in weights))
    return _levelled(found)


def _peak(hz: float, centre: float, width: float) -> float:
    return 1 / (1 + ((hz - centre) / width) ** 2)


def _partials(hz: float, parts: Iterable[tuple[float, float, float]], seconds: float) -> Samples:
    """Return sines at multiples of a pitch: (multiple, loudness, decay)."""
    found = [0.0] * int(seconds * RATE)
    for multiple, loud, fade in parts:
        if multiple * hz > RATE / 2.2:
            continue
        step = math.tau * hz * multiple / RATE
        decay = math.exp(-fade / RATE)
        level = loud
        for n in range(len(found)):
            found[n] += level * math.sin(step * n)
            level *= decay
    return _levelled(found)


def _levelled(samples: list[float]) -> Samples:
    """Return samples with a peak of 1, faded in and out over milliseconds to avoid clicks."""
    peak = max(map(abs, samples)) or 1.0
    edge = min(48, len(samples) // 2)
    for n in range(edge):
        samples[n] *= n / edge
        samples[-1 - n] *= n / edge
    return tuple(sample / peak for sample in samples)
