"""Bands of printed cloth."""

import math

from PIL import Image

from dev.demo.art.brush import Brush, Point, Size

Ink = tuple[str, ...]  # ground first


def band(size: Size, inks: Ink, *, motif: str) -> Image.Image:
    """Paint a strip of one motif (a key of `MOTIFS`), repeated along its length."""
    width, height = size
    brush = Brush(size, (width / height * 10, 10))
    brush.rectangle(0, 0, width / height * 10, 10, inks[0])
    for n in range(math.ceil(width / height) + 1):
        MOTIFS[motif](brush, n * 10, inks)
    return brush.image()


def _diamonds(brush: Brush, x: float, inks: Ink) -> None:
    for size, ink in zip((5, 3.4, 1.8), inks[1:], strict=False):
        middle = x + 5
        brush.polygon(
            [(middle, 5 - size), (middle + size, 5), (middle, 5 + size), (middle - size, 5)], ink
        )


def _eyes(brush: Brush, x: float, inks: Ink) -> None:
    for radius, ink in zip((4.4, 3.1, 1.7), inks[1:], strict=False):
        brush.ellipse(x + 5, 5, radius, radius, ink)
    brush.ellipse(x, 1.2, 0.7, 0.7, inks[1])
    brush.ellipse(x, 8.8, 0.7, 0.7, inks[1])


def _teeth(brush: Brush, x: float, inks: Ink) -> None:
    brush.polygon([(x, 0), (x + 10, 0), (x + 5, 5)], inks[1])
    brush.polygon([(x, 10), (x + 10, 10), (x + 5, 5)], inks[2])
    brush.polygon([(x + 3.4, 0), (x + 6.6, 0), (x + 5, 1.6)], inks[0])
    brush.polygon([(x + 3.4, 10), (x + 6.6, 10), (x + 5, 8.4)], inks[0])


def _waves(brush: Brush, x: float, inks: Ink) -> None:
    for row, ink in enumerate((*inks[1:], *inks[1:])[:4]):
        points: list[Point] = [
            (x + step, 1.3 + row * 2.5 + math.sin(step / 10 * math.tau)) for step in range(11)
        ]
        brush.line(points, 0.9, ink)


def _shells(brush: Brush, x: float, inks: Ink) -> None:
    for radius, ink in zip((5, 3.8, 2.4, 1.1), (*inks[1:], inks[1]), strict=False):
        brush.ellipse(x + 5, 10, radius, radius * 1.9, ink)


MOTIFS = {
    "diamonds": _diamonds,
    "eyes": _eyes,
    "teeth": _teeth,
    "waves": _waves,
    "shells": _shells,
}


def wheel(diameter: int, inks: Ink, *, petals: int = 12, turn: float = 0) -> Image.Image:
    """Paint a round cloth with a motif repeated around its centre."""
    brush = Brush((diameter, diameter), (200, 200))
    brush.ellipse(100, 100, 99, 99, inks[0])
    for radius, width, ink, shape in (
        (97, 30, inks[1], 0.5), (68, 26, inks[2], 0),
        (44, 20, inks[3], 0.5), (26, 18, inks[1], 0),
    ):  # fmt: skip
        for n in range(petals):
            angle = math.tau * (n + shape) / petals + math.radians(turn)
            brush.polygon(_petal(angle, radius, width, petals), ink)
    brush.ellipse(100, 100, 11, 11, inks[0])
    brush.ellipse(100, 100, 6, 6, inks[2])
    return brush.image()


def _petal(angle: float, radius: float, length: float, petals: int) -> list[Point]:
    half = math.pi / petals * 0.86
    inner = radius - length
    middle = radius - length / 2
    return [
        _polar(angle, radius), _polar(angle + half, middle), _polar(angle, inner),
        _polar(angle - half, middle),
    ]  # fmt: skip


def _polar(angle: float, radius: float) -> Point:
    return 100 + radius * math.cos(angle), 100 + radius * math.sin(angle)
