"""Skies, hills, light and grain for most scenes."""

import math
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageColor

from dev.demo.art.brush import Brush, Colour, Point, Size

GRADIENT_STEPS = 256


def gradient(size: Size, *stops: tuple[float, str]) -> Image.Image:
    """Paint a gradient from top (0) to bottom (1), with enough noise to hide bands."""
    column = Image.new("RGB", (1, GRADIENT_STEPS))
    for y in range(GRADIENT_STEPS):
        column.putpixel((0, y), _mixed(stops, y / (GRADIENT_STEPS - 1)))
    return grain(column.resize(size, Image.Resampling.BICUBIC), sigma=3)


def _mixed(stops: tuple[tuple[float, str], ...], at: float) -> tuple[int, int, int]:
    for (low, first), (high, second) in pairwise(stops):
        if at <= high:
            return blend(first, second, max(0.0, at - low) / (high - low))
    return blend(stops[-1][1], stops[-1][1], 0)


def blend(first: str, second: str, share: float) -> tuple[int, int, int]:
    """Return a mix with `share` of the second colour."""
    a = ImageColor.getrgb(first)
    b = ImageColor.getrgb(second)
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a[:3], b[:3], strict=True))
    return red, green, blue


def grain(picture: Image.Image, *, sigma: float) -> Image.Image:
    """Add film grain to a picture."""
    noise = Image.effect_noise(picture.size, sigma)
    return ImageChops.add(picture, Image.merge("RGB", (noise,) * 3), scale=1, offset=-128)


def glow(size: Size, colour: str, *, strength: float = 1.0, falloff: float = 2.0) -> Image.Image:
    """Paint light around a point, in the shape of the size."""
    # The gradient is 255 in the corners, so a round light must end at 180.
    curve = [round(255 * strength * max(0.0, 1 - d / 180) ** falloff) for d in range(256)]
    alpha = Image.radial_gradient("L").point(curve).resize(size, Image.Resampling.BICUBIC)
    light = Image.new("RGBA", size, colour)
    light.putalpha(alpha)
    return light


def disc(diameter: int, colour: Colour) -> Image.Image:
    brush = Brush((diameter, diameter), (2, 2), fine=3)
    brush.ellipse(1, 1, 0.98, 0.98, colour)
    return brush.image()


def stars(size: Size, *, count: int, seed: int, colour: str = "#fff4d6") -> Image.Image:
    brush = Brush(size)
    random = Random(seed)  # noqa: S311  # scenery
    for _ in range(count):
        x = random.random() * size[0]
        y = random.random() ** 1.6 * size[1]
        radius = random.choice((0.6, 0.7, 0.9, 1.4)) * size[1] / 500
        brush.ellipse(x, y, radius, radius, (*blend(colour, colour, 0), random.randint(90, 230)))
    return brush.image()


def hills(
    size: Size, colour: Colour, *, seed: int, rise: float = 0.6, waves: float = 2.0
) -> Image.Image:
    """Paint soft ground that fills the picture from `rise` of its height down."""
    brush = Brush(size)
    brush.polygon(skyline(size, seed=seed, rise=rise, waves=waves), colour)
    return brush.image()


def skyline(size: Size, *, seed: int, rise: float, waves: float) -> list[Point]:
    """Return the outline of `hills`, closed along the bottom."""
    random = Random(seed)  # noqa: S311  # scenery
    width, height = size
    parts = [(random.uniform(0.6, 1.4) * waves * n, random.random() * 9, 1 / n) for n in (1, 2, 3)]
    top = height * (1 - rise)
    step = max(2, width // 160)
    outline = [
        (
            float(x),
            top * (1 + 0.5 * sum(a * math.sin(f * x / width * math.tau + p) for f, p, a in parts)),
        )
        for x in range(0, width + step, step)
    ]
    return [(0.0, float(height)), *outline, (float(width + step), float(height))]


def peaks(size: Size, *, seed: int, rough: float = 0.55, levels: int = 8) -> list[Point]:
    """Return a mountain range's outline, halved repeatedly with decreasing roughness."""
    random = Random(seed)  # noqa: S311  # scenery
    heights = [random.uniform(0.2, 0.5), random.uniform(0.5, 0.9), random.uniform(0.2, 0.6)]
    swing = 0.5
    for _ in range(levels - 2):
        swing *= rough
        middle = [(a + b) / 2 + random.uniform(-swing, swing) for a, b in pairwise(heights)]
        heights = [h for pair in zip(heights, middle, strict=False) for h in pair] + heights[-1:]
    width, height = size
    step = width / (len(heights) - 1)
    return [(n * step, height * (1 - min(h, 0.98))) for n, h in enumerate(heights)]
