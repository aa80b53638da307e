"""Scene of a walking grey crowned crane."""

import math

from PIL import Image

from dev.demo.art.brush import Brush, Point, Size
from dev.demo.art.paint import disc, glow, gradient, hills
from dev.demo.art.scene import Layer, Path, Scene, figure, layer

STEPS = 12


def paint(size: Size) -> Scene:
    """Paint the walking bird in place, with the savannah passing by."""
    width, height = size
    unit = min(width, height) / 100
    sun = round(unit * 62)
    ground = height * 0.8
    sky = gradient(size, (0, "#0f8f96"), (0.35, "#59c2a6"), (0.6, "#ffd773"), (0.8, "#ff9d4d"),
                   (1, "#ff9d4d"))  # fmt: skip
    bird = tuple(crane(figure(size, 0.66), step / STEPS) for step in range(STEPS))
    return Scene(
        sky,
        (
            layer(glow((sun * 2, sun * 2), "#fff1a8", strength=0.8), width * 0.5 - sun, ground
                  - sun * 1.7),
            layer(disc(sun, "#ffe27a"), width * 0.5 - sun / 2, ground - sun * 1.15),
            layer(hills((round(width * 1.3), round(height * 0.2)), "#e0713c", seed=2), 0,
                  height * 0.66, vx=-8),
            layer(_trees((width * 2, round(height * 0.36)), unit), 0, height * 0.52, vx=-24),
            layer(hills((round(width * 2.4), round(height * 0.28)), "#7c2f2c", seed=7, waves=5,
                        rise=0.75), 0, height * 0.74, vx=-48),
            Layer(bird, Path(width * 0.5 - bird[0].width * 0.52,
                             ground + unit * 7 - bird[0].height), fps=12),
            layer(_grass((width * 3, round(height * 0.16)), unit), 0, height * 0.86, vx=-96,
                  wrap=width * 2),
        ),
    )  # fmt: skip


def crane(height: int, phase: float) -> Image.Image:
    """Paint one moment of a stride. Neck and body bob as the legs pass each other."""
    brush = Brush((round(height * 0.96), height), (96, 100), fine=3)
    bob = math.sin(phase * 2 * math.tau) * 1.2
    for offset, ink in ((0.5, "#1d1b2e"), (0.0, "#2c2742")):
        _leg(brush, phase + offset, ink)
    nod = math.sin(phase * 2 * math.tau + 1) * 1.6
    brush.blob([(4, 52 + bob), (16, 38 + bob), (38, 35 + bob), (56, 42 + bob), (58, 54 + bob),
                (42, 63 + bob), (20, 60 + bob)], "#454a66")  # fmt: skip
    brush.blob([(12, 45 + bob), (30, 38 + bob), (48, 46 + bob), (36, 58 + bob), (16, 62 + bob)],
               "#fff6e2")  # fmt: skip
    brush.blob([(2, 50 + bob), (18, 47 + bob), (32, 55 + bob), (20, 66 + bob), (4, 68 + bob)],
               "#8f2f2b")  # fmt: skip
    for n in range(3):
        brush.stroke([(28, 52 + bob), (14, 58 + n * 2 + bob), (4 + n * 2, 66 + n * 2 + bob)], 1,
                     "#f5b93a")  # fmt: skip
    brush.stroke([(52, 46 + bob), (62, 40 + bob), (62, 28 + nod), (70, 17 + nod)], 6.5, "#565c7d")
    _head(brush, nod)
    return brush.image()


def _head(brush: Brush, nod: float) -> None:
    for n in range(13):
        angle = math.radians(-172 + n * 11)
        tip = (70 + 16 * math.cos(angle), 13 + nod + 13 * math.sin(angle))
        brush.line([(70, 13 + nod), tip], 0.9, "#ffc933")
        brush.ellipse(*tip, 1.1, 1.1, "#ffe27a")
    brush.ellipse(71, 15 + nod, 6, 5.6, "#15131f")
    brush.ellipse(69.4, 16.6 + nod, 3.4, 2.8, "#ffffff")
    brush.ellipse(68, 20.4 + nod, 1.6, 2.6, "#e0392b")
    brush.polygon([(76, 13 + nod), (89, 17.4 + nod), (76, 18.4 + nod)], "#2b2836")
    brush.ellipse(73.2, 12.4 + nod, 1.2, 1.2, "#a9e3ee")


def _leg(brush: Brush, phase: float, ink: str) -> None:
    """Draw a leg: forward in the air with a bent knee, or back on the ground and straight."""
    turn = phase % 1
    lifted = max(0.0, math.sin(turn * math.tau))
    swing = -math.cos(turn * math.tau) * 13
    hip: Point = (38, 58)
    foot = (38 + swing, 97 - lifted * 12)
    knee = ((hip[0] + foot[0]) / 2 - 2 - lifted * 7, (hip[1] + foot[1]) / 2 - lifted * 2)
    brush.line([hip, knee, foot], 2, ink)
    brush.line([(foot[0] - 3, foot[1] + 1.4), foot, (foot[0] + 6, foot[1] + 1.4)], 1.5, ink)


def _trees(size: Size, unit: float) -> Image.Image:
    """Paint flat-topped acacias."""
    brush = Brush(size)
    ink = "#5a2a2e"
    foot = float(size[1])
    for n in range(7):
        x = size[0] * (0.04 + n * 0.15)
        tall = unit * (20 + n * 11 % 4 * 5)
        top = foot - tall
        for lean in (-6, -1, 5):
            brush.stroke([(x, foot), (x + lean * unit * 0.2, foot - tall * 0.5),
                          (x + lean * unit, top + unit * 2)], unit * 0.9, ink)  # fmt: skip
        for dx, dy, rx in ((-7, 1.6, 7), (0, 0, 9), (7, 1.2, 7.5), (1, -2, 6)):
            brush.ellipse(x + dx * unit, top + dy * unit, rx * unit, unit * 1.9, ink)
    return brush.image()


def _grass(size: Size, unit: float) -> Image.Image:
    brush = Brush(size)
    brush.rectangle(0, size[1] * 0.55, size[0], size[1], "#3a1620")
    half = size[0] // 3 * 2  # its last third repeats the first, so that it loops
    blades = max(1, round(half / (unit * 1.6)))
    for n in range(blades + blades // 2):
        x = n * half / blades
        k = n % blades
        tall = unit * (4 + k * 13 % 7)
        lean = ((k * 7) % 9 - 4) * unit * 0.5
        brush.polygon([(x - unit * 0.5, size[1] * 0.6), (x + lean, size[1] * 0.6 - tall),
                       (x + unit * 0.5, size[1] * 0.6)], "#3a1620")  # fmt: skip
    return brush.image()
