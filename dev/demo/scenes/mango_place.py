"""Place of the mango tree: a hill of roofs, the road, the tree, a rolex stand."""

from random import Random

from PIL import Image

from dev.demo.art.brush import Brush, Size
from dev.demo.art.lettering import Face, fitted, inked
from dev.demo.art.paint import skyline
from dev.demo.scenes.mango_hours import Hour

LAMP = "#ffd77a"
INK = "#1d1412"
PAINTED = Face(stem=12, bar=9, tracking=14, squeeze=0.72)


def hill(size: Size, unit: float, hour: Hour) -> Image.Image:
    """Paint one of the seven hills, with houses up to its top and a mast."""
    brush = Brush(size)
    random = Random(8)  # noqa: S311  # scenery
    outline = skyline(size, seed=21, rise=0.7, waves=1.3)
    brush.polygon(outline, hour.shade("#6fa56a"))
    ridge = outline[1:-1]
    x, top = ridge[len(ridge) // 3]
    brush.line([(x, top), (x, top - unit * 12)], unit * 0.5, hour.shade("#8c5a4a"))
    for n in range(60):
        x, top = random.choice(ridge)
        y = top + unit * (2.5 + random.random() * 19)
        wide = unit * random.uniform(2.6, 4.6)
        if n % 3 == 0:
            brush.ellipse(x, y, wide * 0.8, wide * 0.7, hour.shade("#4e8a55"))
            continue
        wall = ("#f4e3c0", "#e9c9a0", "#dfe6dc")[n % 3]
        brush.rectangle(x - wide / 2, y, x + wide / 2, y + unit * 2.6, hour.shade(wall))
        roof = hour.shade(("#b5482e", "#8f3a2b", "#a7573c")[n % 3])
        brush.polygon([(x - wide * 0.65, y), (x, y - unit * 1.9), (x + wide * 0.65, y)], roof)
        lit = LAMP if hour.lamps and n % 4 else hour.shade("#5d6e72")
        brush.rectangle(x - unit * 0.4, y + unit * 0.7, x + unit * 0.5, y + unit * 1.7, lit)
    return brush.image()


def ground(size: Size, unit: float, hour: Hour) -> Image.Image:
    """Paint a tarred road, a kerb, and the red earth of the stage."""
    width, height = size
    brush = Brush(size)
    random = Random(5)  # noqa: S311  # scenery
    brush.rectangle(0, 0, width, height, hour.shade("#c7683a"))
    brush.rectangle(0, 0, width, height * 0.3, hour.shade("#57525a"))
    for n in range(int(width / unit / 14) + 1):
        x = n * unit * 14
        brush.rectangle(x, height * 0.13, x + unit * 7, height * 0.155, hour.shade("#f2e6c8"))
    for n in range(int(width / unit / 6) + 1):
        kerb = ("#f5efe0", "#2f2b2c")[n % 2]
        brush.rectangle(n * unit * 6, height * 0.3, (n + 1) * unit * 6, height * 0.34,
                        hour.shade(kerb))  # fmt: skip
    for n in range(46):
        x = random.random() * width
        y = height * random.uniform(0.4, 0.98)
        ink = hour.shade(("#a9522b", "#dd8553")[n % 2])
        brush.ellipse(x, y, unit * random.uniform(0.6, 2.6), unit * 0.35, ink)
    if hour.rain:
        for x, y, rx in ((0.2, 0.66, 16), (0.62, 0.9, 20), (0.9, 0.6, 11)):
            brush.ellipse(x * width, y * height, rx * unit, unit * 1.9, "#2b5663")
            brush.ellipse(x * width, (y - 0.01) * height, rx * unit * 0.7, unit, LAMP + "58")
    return brush.image()


def trunk(size: Size, unit: float, hour: Hour) -> Image.Image:
    """Paint two boughs and their roots; the crown is a separate layer."""
    width, height = size
    middle = width / 2
    brush = Brush(size)
    bark = hour.shade("#6a4027")
    light = hour.shade("#8d5a38")
    roots = [(-11, 0), (-5, -6), (-3.6, -20), (-4.4, -32), (-19, -56), (-14, -59), (0, -40),
             (13, -60), (18, -57), (5, -33), (4.2, -20), (6, -6), (13, 0)]  # fmt: skip
    brush.polygon([(middle + x * unit, height + y * unit) for x, y in roots], bark)
    for x, low, high in ((-2, -5, -31), (1.6, -9, -34), (-0.4, -14, -26)):
        brush.stroke([(middle + x * unit, height + low * unit),
                      (middle + (x + 0.9) * unit, height + (low + high) / 2 * unit),
                      (middle + x * unit, height + high * unit)], unit * 0.7, light)  # fmt: skip
    return brush.image()


def crown(size: Size, unit: float, hour: Hour) -> Image.Image:
    """Paint leaves in three greens, lit from the right, and fruit on long stalks."""
    width, height = size
    brush = Brush(size)
    random = Random(13)  # noqa: S311  # scenery
    for ink, lift, grow, seed in (("#1f5a35", 0, 1.0, 3), ("#2f7d3f", -3.4, 0.9, 4),
                                  ("#57a648", -6.6, 0.62, 6)):  # fmt: skip
        places = Random(seed)  # noqa: S311  # scenery
        for n in range(24):
            share = (n + places.random()) / 24 * 2 - 1
            arch = (1 - share * share) ** 0.5
            x = width / 2 + share * width * 0.4 + lift * -0.5 * unit
            y = height * (0.7 - arch * 0.38 * places.uniform(0.35, 1)) + lift * unit
            r = unit * places.uniform(7, 10.5) * grow
            brush.ellipse(x, y, r * 1.2, r * 0.84, hour.shade(ink))
    for n in range(26):
        x = width * (0.14 + 0.72 * (n + random.random()) / 26)
        y = height * random.uniform(0.66, 0.9)
        brush.line([(x, y - unit * 5), (x, y)], unit * 0.35, hour.shade("#3b6b34"))
        brush.ellipse(x, y + unit * 1.5, unit * 1.35, unit * 1.9, hour.shade("#f2a81d"))
        brush.ellipse(x + unit * 0.4, y + unit, unit * 0.8, unit * 1.2, hour.shade("#f0642c"))
    return brush.image()


def board(width: int, hour: Hour) -> Image.Image:
    """Paint the stage's hand-painted sign, nailed to the tree."""
    brush = Brush((width, round(width * 0.42)), (100, 42))
    brush.polygon([(2, 3), (98, 1), (97, 39), (4, 41)], hour.light("#134b7a"))
    brush.polygon([(5, 6), (95, 4), (94, 36), (7, 38)], hour.light("#f6edd2"))
    for x in (9, 91):
        brush.ellipse(x, 8, 1.4, 1.4, hour.light(INK))
    sign = brush.image()
    for text, y, colour in (("MANGO TREE", 0.18, "#b3261e"), ("STAGE", 0.45, "#134b7a")):
        ink = "#{:02x}{:02x}{:02x}".format(*hour.light(colour))
        letters = inked(fitted(text, PAINTED, height=round(width * 0.115)), ink)
        sign.alpha_composite(letters, ((width - letters.width) // 2, round(width * y * 0.5 + 2)))
    return sign
