"""Rolex stand beside the tree, with bulbs above it and a taxi on the road."""

from PIL import Image

from dev.demo.art.brush import Brush, Point, Size
from dev.demo.art.paint import glow
from dev.demo.scenes.mango_hours import Hour
from dev.demo.scenes.mango_place import INK, LAMP

BULBS = 15


def umbrella(width: int, hour: Hour) -> Image.Image:
    """Paint six panels on a pole, above the seller."""
    brush = Brush((width, round(width * 1.24)), (100, 124))
    light = hour.light
    brush.line([(52, 16), (52, 124)], 2.2, light("#8d8577"))
    for n in range(6):
        colour = light(("#d7263d", "#fff2d6")[n % 2])
        left = 2 + n * 16.6
        right = 2 + (n + 1) * 16.6
        brush.polygon([(52, 3), (left, 28), ((left + right) / 2, 33), (right, 28)], colour)
    brush.ellipse(52, 3, 2, 2, light(INK))
    return brush.image()


def table(width: int, hour: Hour) -> Image.Image:
    """Paint planks, a pan with a chapati, a pile of them, and a tray of eggs."""
    brush = Brush((width, round(width * 0.46)), (100, 46))
    light = hour.light
    brush.rectangle(6, 12, 94, 18, light("#a8743c"))
    brush.rectangle(11, 18, 89, 39, light("#7d5227"))
    for x in (11, 85):
        brush.rectangle(x, 18, x + 4, 46, light("#5b3a20"))
    for n, colour in enumerate(("#f2c014", "#d7263d", "#12857f", "#d7263d", "#f2c014")):
        left = 18 + n * 13.2
        brush.polygon([(left, 21), (left + 11, 21), (left + 5.5, 32)], light(colour))
    brush.polygon([(12, 8), (40, 8), (37, 12), (15, 12)], light("#39322e"))
    brush.ellipse(26, 7.6, 14, 2.7, light("#171210"))
    brush.ellipse(26, 7, 10.6, 2, light("#f0cf86"))
    for n in range(4):
        brush.ellipse(50, 11 - n * 1.7, 7, 1.4, light(("#e2b366", "#f0cf86")[n % 2]))
    brush.rectangle(64, 7, 91, 12, light("#cbbf9f"))
    for n in range(6):
        brush.ellipse(67 + n * 4.2, 6.4, 2.1, 2.6, light("#f8ead0"))
    return brush.image()


def lamps(size: Size, unit: float, beat: int) -> Image.Image:
    """Paint bulbs on a wire in three swags; every other one is brighter at each beat."""
    brush = Brush(size)
    places = [_hung(n / (BULBS - 1), size[0], unit) for n in range(BULBS)]
    brush.stroke(places, unit * 0.35, "#20140f")
    picture = Image.new("RGBA", size)
    for n, (x, y) in enumerate(places):
        across = round(unit * 11)
        halo = glow((across, across), LAMP, strength=0.8 if (n + beat) % 2 else 0.55)
        left = round(x - across / 2)
        top = round(y + unit * 1.4 - across / 2)
        if left >= 0 and top >= 0 and left + across <= size[0]:
            picture.alpha_composite(halo, (left, top))
        brush.ellipse(x, y + unit * 1.4, unit * 0.9, unit * 1.3, "#fff3c9")
    picture.alpha_composite(brush.image())
    return picture


def _hung(share: float, width: float, unit: float) -> Point:
    swag = share * 3 % 1
    return width * (0.02 + 0.96 * share), unit * (8 + 26 * swag * (1 - swag))


def taxi(width: int, hour: Hour) -> Image.Image:
    """Paint the white minibus, further away and without a goat."""
    brush = Brush((width, round(width * 0.46)), (100, 46))
    shade = hour.shade
    brush.blob([(3, 12), (8, 4), (44, 2.6), (74, 4), (85, 12), (92, 22), (98, 26), (97, 38),
                (60, 40), (6, 39), (2, 32)], shade("#fffaf0"))  # fmt: skip
    for x0, x1 in ((8, 22), (25, 39), (42, 56)):
        brush.rectangle(x0, 8, x1, 19, LAMP if hour.lamps else shade("#25405c"))
    brush.polygon([(59, 8), (74, 8), (85, 20), (59, 20)], shade("#25405c"))
    for n in range(24):
        x = 3.4 + n * 3.9
        brush.rectangle(x, 25 + n % 2 * 2, x + 3.9, 27 + n % 2 * 2, shade("#1f62c4"))
    brush.ellipse(95.5, 30.5, 2, 3, LAMP)
    for axle in (20, 79):
        brush.ellipse(axle, 38, 7.4, 7.4, shade(INK))
        brush.ellipse(axle, 38, 3.8, 3.8, shade("#b9ad9c"))
    return brush.image()
