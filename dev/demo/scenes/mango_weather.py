"""Weather: clouds, smoke from a stove, and rain at night."""

from random import Random

from PIL import Image

from dev.demo.art.brush import Brush, Size
from dev.demo.art.scene import Layer, Path, layer
from dev.demo.scenes.mango_hours import Hour


def clouds(size: Size, unit: float, hour: Hour) -> Image.Image:
    brush = Brush(size)
    random = Random(17)  # noqa: S311  # scenery
    red, green, blue = hour.shade("#fffaf0" if not hour.rain else "#5b7f90")
    for n in range(9):
        x = size[0] * n / 9
        y = size[1] * random.uniform(0.2, 0.75)
        for _ in range(7):
            dx = random.uniform(-11, 11)
            dy = random.uniform(-1.6, 1.2)
            r = random.uniform(2.4, 5.6) * (1.5 if hour.rain else 1)
            brush.ellipse(x + dx * unit, y + dy * unit, r * unit * 1.5, r * unit * 0.62,
                          (red, green, blue, 170))  # fmt: skip
    return brush.image()


def smoke(unit: float, hour: Hour, *, x: float, y: float) -> Layer:
    """Paint puffs that rise, widen and fade."""
    frames = []
    for n in range(8):
        brush = Brush((round(unit * 24), round(unit * 34)), (24, 34), fine=1)
        for k in range(6):
            age = (k + n / 8) / 6
            brush.ellipse(12 + (k % 3 - 1) * age * 5, 32 - age * 28, 1.3 + age * 3, 1 + age * 2.6,
                          (*hour.shade("#fff6e6"), round(150 * (1 - age))))  # fmt: skip
        frames.append(brush.image())
    return Layer(tuple(frames), Path(x - unit * 12, y - unit * 24), fps=6)


def fall(size: Size, unit: float) -> Layer:
    """Paint a sheet of streaks twice as tall as the picture, which repeats."""
    width, height = size
    brush = Brush((width, height * 2), fine=1)
    random = Random(44)  # noqa: S311  # scenery
    for n in range(96):
        long, ink = (unit * 11, "#d8f0f280") if n % 3 == 0 else (unit * 5, "#bfe0e656")
        left = random.random() * width
        top = random.random() * height
        for repeat in (0, height):
            ends = [(left, top + repeat), (left - long * 0.2, top + repeat + long)]
            brush.line(ends, 2 if n % 3 == 0 else 1, ink)
    return layer(brush.image(), 0, -height, vy=1100, wrap=height)


def splashes(size: Size, unit: float, *, top: float) -> Layer:
    """Paint small splashes on road and earth, different ones in each frame."""
    tall = round(size[1] - top)
    frames = []
    for n in range(4):
        random = Random(n)  # noqa: S311  # scenery
        brush = Brush((size[0], tall), fine=1)
        for _ in range(28):
            x = random.random() * size[0]
            y = random.random() * tall
            brush.ring(x, y, unit * random.uniform(0.5, 1.4), unit * 0.2, "#d8f0f2a0",
                       start=180, end=360)  # fmt: skip
        frames.append(brush.image())
    return Layer(tuple(frames), Path(0, top), fps=8)
