"""Scene of night fishers on Lake Victoria at dusk."""

from random import Random

from PIL import Image

from dev.demo.art.brush import Brush, Size
from dev.demo.art.paint import disc, glow, gradient, hills
from dev.demo.art.scene import Layer, Path, Scene, figure, layer

INK = "#07141f"


def paint(size: Size) -> Scene:
    """Paint a large low moon, a long boat under a lamp, and moving water."""
    width, height = size
    unit = min(width, height) / 100
    horizon = round(height * 0.56)
    moon = round(unit * 44)
    middle = width * 0.5
    sky = gradient(
        size,
        (0, "#0b2a3c"),
        (0.28, "#1f5a63"),
        (0.45, "#d98f5c"),
        (0.56, "#ffc46b"),
        (1, "#ffc46b"),
    )
    boat = _boat(figure(size, 0.86))
    lamp = glow((round(unit * 40),) * 2, "#ffe08a")
    x = middle - boat.width * 0.5
    y = horizon + (height - horizon) * 0.4 - boat.height
    return Scene(
        sky,
        (
            layer(glow((moon * 3,) * 2, "#ffb45c", strength=0.6), middle - moon * 1.5,
                  horizon - moon * 2.2),
            layer(disc(moon, "#fff0c2"), middle - moon / 2, horizon - moon * 1.02, vy=-3),
            layer(hills((round(width * 1.2), round(height * 0.1)), "#174450", seed=12, rise=0.5),
                  0, horizon - height * 0.09, vx=-4),
            layer(_lake((width, height - horizon)), 0, horizon),
            _shimmer((width, height - horizon), "#ffd889", middle / width, y=horizon),
            _lights(unit, width, horizon),
            Layer((lamp,), Path(x + boat.width * 0.8 - lamp.width / 2,
                                y + boat.height * 0.42 - lamp.height / 2, sway_y=4, period=5)),
            Layer((boat,), Path(x, y, sway_x=6, sway_y=4, period=5)),
            layer(_reeds((width, round(height * 0.24)), unit), 0, height * 0.78, sway_x=6,
                  period=7),
        ),
    )  # fmt: skip


def _boat(width: int) -> Image.Image:
    """Paint a plank boat with one man at the oar and one drawing in the net by the lamp."""
    brush = Brush((width, round(width * 0.52)), (100, 52), fine=3)
    brush.blob([(1, 37), (14, 42), (50, 44), (86, 41), (99, 34), (92, 46), (70, 50), (28, 50),
                (8, 46)], INK)  # fmt: skip
    brush.line([(12, 45), (88, 44.4)], 0.8, "#d98f5c")
    brush.blob([(24, 43), (23, 28), (26, 20), (32, 20), (34, 30), (32, 43)], INK)
    brush.ellipse(29, 14.5, 4, 4.6, INK)
    brush.blob([(21, 13), (29, 7.5), (37, 13), (29, 13.8)], INK)  # a straw hat
    brush.stroke([(31, 23), (37, 28), (42, 27)], 2.6, INK)
    brush.line([(45, 20), (34, 51.5)], 1.1, INK)
    brush.blob([(60, 43), (60, 30), (65, 24), (70, 27), (68, 43)], INK)
    brush.ellipse(70, 20, 3.8, 4.3, INK)
    brush.stroke([(68, 28), (74, 31), (79, 29)], 2.4, INK)
    brush.line([(80, 42), (80, 21)], 1, INK)
    brush.ellipse(80, 21.5, 2, 2.6, "#fff3c0")
    brush.stroke([(79, 29), (88, 34), (92, 50)], 0.5, "#f2cf94")
    brush.stroke([(79, 30), (84, 38), (84, 51)], 0.5, "#f2cf94")
    return brush.image()


def _lake(size: Size) -> Image.Image:
    water = gradient(size, (0, "#e8a867"), (0.16, "#a8695a"), (0.5, "#1d4a58"), (1, "#08202c"))
    return water.convert("RGBA")


def _shimmer(size: Size, colour: str, middle: float, *, y: float) -> Layer:
    """Paint the moon's reflection: dashes, shorter and closer near the horizon, always moving."""
    frames = []
    for seed in range(5):
        random = Random(seed)  # noqa: S311  # scenery
        brush = Brush(size)
        for _ in range(150):
            down = random.random() ** 1.5
            spread = size[0] * (0.06 + 0.13 * down)
            x = random.gauss(middle * size[0], spread)
            wide = size[0] * (0.01 + 0.05 * down)
            at = down * size[1]
            ink = (*_RGB[colour], random.randint(60, 200))
            brush.ellipse(x, at, wide, max(1.0, size[1] * 0.004 + down * 2), ink)
        frames.append(brush.image())
    return Layer(tuple(frames), Path(0, y), fps=6)


_RGB = {"#ffd889": (255, 216, 137)}


def _lights(unit: float, width: int, horizon: int) -> Layer:
    """Paint the lamps of distant boats."""
    frames = []
    for n in range(3):
        strip = Image.new("RGBA", (width, round(unit * 8)))
        for at, size in ((0.08, 5), (0.17, 4), (0.29, 4), (0.78, 5), (0.9, 4)):
            light = glow((round(unit * (size + (n + round(at * 9)) % 3)),) * 2, "#fff0b0")
            strip.alpha_composite(light, (round(at * width), (strip.height - light.height) // 2))
        frames.append(strip)
    return Layer(tuple(frames), Path(0, horizon - unit * 3), fps=3)


def _reeds(size: Size, unit: float) -> Image.Image:
    """Paint papyrus at the shore."""
    brush = Brush((size[0] + 24, size[1]))
    random = Random(6)  # noqa: S311  # scenery
    places = [random.uniform(0, 0.2) for _ in range(9)] + [random.uniform(0.8, 1) for _ in range(9)]
    for place in places:
        x = place * size[0]
        tall = size[1] * random.uniform(0.45, 0.9)
        top = (x + random.uniform(-5, 5) * unit, size[1] - tall)
        brush.stroke([(x, size[1]), (x, size[1] - tall / 2), top], unit * 0.6, "#04101a")
        for n in range(9):
            lean = (n - 4) * unit * 0.8
            tip = (top[0] + lean, top[1] - unit * (4.4 - abs(n - 4) * 0.6))
            brush.line([top, tip], unit * 0.22, "#04101a")
    return brush.image()
