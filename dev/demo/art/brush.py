"""Brush for smooth-edged shapes, and the curves they are made of."""

import math
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw

Size = tuple[int, int]
Point = tuple[float, float]
Colour = str | tuple[int, int, int] | tuple[int, int, int, int]


class Brush:
    """Brush on a transparent picture of `size` pixels with the corners (0, 0) and `box`.

    It draws at a multiple of the size and scales down, because Pillow's edges are hard.
    """

    def __init__(self, size: Size, box: Point | None = None, *, fine: int = 2) -> None:
        self.size = size
        width, height = box or size
        self._sx = size[0] * fine / width
        self._sy = size[1] * fine / height
        self._fine = fine
        self._image = Image.new("RGBA", (size[0] * fine, size[1] * fine))
        self._draw = ImageDraw.Draw(self._image)

    def polygon(self, points: Iterable[Point], colour: Colour) -> None:
        self._draw.polygon(self._scaled(points), fill=colour)

    def blob(self, points: Sequence[Point], colour: Colour) -> None:
        """Draw a closed shape with soft corners through these points."""
        self.polygon(curve([*points, points[0]], closed=True), colour)

    def ellipse(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        box = self._scaled([(x - rx, y - ry), (x + rx, y + ry)])
        self._draw.ellipse(box, fill=colour)

    def ring(
        self, x: float, y: float, r: float, width: float, colour: Colour,
        *, start: float = 0, end: float = 360,
    ) -> None:  # fmt: skip
        box = self._scaled([(x - r, y - r), (x + r, y + r)])
        self._draw.arc(box, start, end, fill=colour, width=max(1, round(width * self._sx)))

    def rectangle(self, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
        self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour)

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """Draw a stroke with round ends and joints."""
        pixels = max(1, round(width * self._sx))
        scaled = self._scaled(points)
        self._draw.line(scaled, fill=colour, width=pixels, joint="curve")
        for x, y in scaled if pixels > 2 else ():
            r = pixels / 2 - 0.5
            self._draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def stroke(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """Draw a softly curved line."""
        self.line(curve(points), width, colour)

    def image(self) -> Image.Image:
        return self._image.reduce(self._fine)

    def _scaled(self, points: Iterable[Point]) -> list[Point]:
        return [(x * self._sx, y * self._sy) for x, y in points]


def curve(points: Sequence[Point], *, closed: bool = False, steps: int = 8) -> list[Point]:
    """Return a Catmull-Rom curve through the points."""
    before, after = (points[-2], points[1]) if closed else (points[0], points[-1])
    padded = [before, *points, after]
    found = [
        _between(padded[i : i + 4], step / steps)
        for i in range(len(points) - 1)
        for step in range(steps)
    ]
    return [*found, points[-1]]


def _between(p: Sequence[Point], t: float) -> Point:
    def axis(n: int) -> float:
        a, b, c, d = (point[n] for point in p)
        return 0.5 * (
            2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
            + (3 * b - a - 3 * c + d) * t**3
        )  # fmt: skip

    return axis(0), axis(1)


def turned(points: Iterable[Point], degrees: float, *, about: Point = (0, 0)) -> list[Point]:
    """Return the points rotated clockwise around one of them."""
    cos = math.cos(math.radians(degrees))
    sin = math.sin(math.radians(degrees))
    cx, cy = about
    return [
        (cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos)
        for x, y in points
    ]
