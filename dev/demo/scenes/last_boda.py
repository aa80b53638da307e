"""Scene of a boda-boda crossing Kampala at night."""

from random import Random

from PIL import Image

from dev.demo.art.brush import Brush, Size
from dev.demo.art.paint import disc, glow, gradient, skyline, stars
from dev.demo.art.scene import Layer, Path, Scene, figure, layer

LAMP = "#ffd98a"
NEAR = "#0a0a1c"
FAR = "#241d49"


def paint(size: Size) -> Scene:
    """Paint seven hills of lights behind towers, with the city passing a static motorcycle."""
    width, height = size
    ground = round(height * 0.83)
    unit = min(width, height) / 100
    sky = gradient(
        size, (0, "#070b25"), (0.4, "#2a1a58"), (0.62, "#8a2a66"), (0.76, "#f0683c"), (1, "#f0a13c")
    )
    moon = disc(round(unit * 13), "#ffe9b8")
    bike = boda(figure(size, 0.56))
    left = round(width * 0.5 - bike.width / 2)
    beam = glow((round(unit * 90), round(unit * 34)), LAMP, strength=0.75)
    return Scene(
        sky,
        (
            layer(stars((width, round(height * 0.5)), count=140, seed=3)),
            layer(glow((round(unit * 46),) * 2, "#ffb765", strength=0.5), width * 0.68, -unit * 2),
            layer(moon, width * 0.68 + unit * 16.5, unit * 14.5),
            layer(_hill((round(width * 1.3), round(height * 0.32))), 0, height * 0.51, vx=-8),
            _towers((round(width * 1.6), round(height * 0.42)), FAR, 5, y=height * 0.41, vx=-16),
            _towers((round(width * 2.1), round(height * 0.36)), NEAR, 9, y=height * 0.49, vx=-32),
            layer(_road((width, height - ground)), 0, ground),
            _lamps(width, round(height * 0.55), ground),
            layer(beam, left + bike.width * 0.62, ground - unit * 15),
            Layer((bike,), Path(left, ground - bike.height + unit * 8, sway_y=2, period=0.7)),
            _oncoming(unit, width, ground),
        ),
    )


def boda(width: int) -> Image.Image:
    """Paint rider and passenger from the side, going right."""
    brush = Brush((width, round(width * 0.86)), (100, 86), fine=3)
    ink = "#05050e"
    edge = "#ff9a4a"
    for x in (22, 78):
        brush.ellipse(x, 71, 15, 15, ink)
        brush.ellipse(x, 71, 10.4, 10.4, "#3a3168")
        brush.ellipse(x, 71, 8.6, 8.6, "#171334")
        brush.ellipse(x, 71, 3, 3, ink)
    brush.blob([(20, 66), (30, 53), (50, 55), (62, 50), (70, 56), (60, 72), (38, 74)], ink)
    brush.line([(78, 71), (68, 42)], 3.4, ink)
    brush.line([(68, 42), (62, 39)], 2.4, ink)
    brush.ellipse(73, 48, 4.6, 4.6, "#fff3cf")
    brush.line([(8, 60), (22, 56)], 4, ink)
    brush.ellipse(7, 60, 2.2, 2.2, "#ff3b30")
    brush.blob([(42, 56), (40, 38), (44, 26), (53, 25), (56, 36), (54, 56)], "#e07a1f")  # rider
    brush.stroke([(41, 40), (48, 42), (55, 40)], 1.8, "#fff3b0")
    brush.stroke([(42, 47), (48, 49), (55, 47)], 1.8, "#fff3b0")
    brush.stroke([(50, 30), (58, 40), (65, 40)], 5, "#b3560f")
    brush.stroke([(48, 55), (62, 55), (58, 72)], 7, "#1c1a3a")
    brush.ellipse(52, 16, 8, 8.6, ink)
    brush.ring(52, 16, 7.4, 1.1, edge, start=280, end=20)
    brush.blob([(24, 56), (22, 38), (27, 25), (36, 26), (39, 40), (37, 57)], "#8c2360")  # passenger
    brush.stroke([(33, 32), (42, 38), (46, 40)], 4.4, "#6e184a")
    brush.stroke([(22, 55), (20, 40), (26, 26)], 1, "#f06aa8")
    brush.ellipse(32, 16, 7, 8, "#3a1d1c")
    brush.blob([(23, 15), (24, 6), (33, 3), (41, 7), (40, 14)], "#ffc933")  # a headwrap
    return brush.image()


def _towers(size: Size, colour: str, seed: int, *, y: float, vx: float) -> Layer:
    """Paint houses whose windows turn on and off."""
    random = Random(seed)  # noqa: S311  # scenery
    houses = []
    x = 0.0
    while x < size[0]:
        wide = random.uniform(0.16, 0.42) * size[1]
        houses.append((x, size[1] * random.uniform(0.05, 0.72), wide, random.random()))
        x += wide * random.uniform(0.86, 1.25)
    frames = tuple(_lit(size, colour, houses, random) for _ in range(2))
    return Layer(frames, Path(0, y, vx=vx), fps=0.5)


def _lit(
    size: Size, colour: str, houses: list[tuple[float, float, float, float]], random: Random
) -> Image.Image:
    brush = Brush(size)
    still = Random(11)  # noqa: S311  # most windows stay as they are
    step = size[1] / 17
    for x, top, wide, kind in houses:
        brush.rectangle(x, top, x + wide, size[1], colour)
        if kind > 0.6:
            brush.rectangle(x + wide * 0.46, top - step * 2, x + wide * 0.52, top, colour)
        for row in range(int((size[1] - top) / step) - 1):
            for column in range(int(wide / step) - 1):
                blinks = random.random() < 0.03
                if (still.random() < 0.4) != blinks:
                    wx = x + step * (column + 0.7)
                    wy = top + step * (row + 0.6)
                    ink = still.choice((LAMP, "#ff9f5a", "#ffe9b8", "#8fb7ff", "#7a4a66"))
                    brush.rectangle(wx, wy, wx + step * 0.45, wy + step * 0.55, ink)
    return brush.image()


def _hill(size: Size) -> Image.Image:
    brush = Brush(size)
    brush.polygon(skyline(size, seed=4, rise=0.72, waves=1.6), "#3a2260")
    random = Random(2)  # noqa: S311  # scenery
    for _ in range(260):
        x = random.random() * size[0]
        y = size[1] * random.uniform(0.5, 1)
        brush.ellipse(x, y, 1.3, 1.3, random.choice((LAMP, "#ff9f5a", "#ffe9b8")))
    return brush.image()


def _road(size: Size) -> Image.Image:
    road = gradient(size, (0, "#1a1230"), (0.25, "#0c0a1a"), (1, "#05050c")).convert("RGBA")
    shine = glow((size[0], size[1] * 2), "#ff9a4a", strength=0.35)
    road.alpha_composite(shine.crop((0, size[1], size[0], size[1] * 2)))
    return road


def _lamps(width: int, tall: int, ground: int) -> Layer:
    """Paint street lamps that pass by."""
    brush = Brush((tall // 2, tall))
    brush.line([(tall * 0.1, tall), (tall * 0.1, tall * 0.1), (tall * 0.3, tall * 0.06)], 5, NEAR)
    post = brush.image()
    post.alpha_composite(glow((tall // 4, tall // 4), LAMP), (round(tall * 0.2), 0))
    gap = round(width * 1.4)
    return layer(post, width, ground - tall + tall * 0.04, vx=-480, wrap=gap + tall)


def _oncoming(unit: float, width: int, ground: int) -> Layer:
    light = glow((round(unit * 14),) * 2, "#fff3cf")
    pair = Image.new("RGBA", (light.width * 2, light.height))
    pair.alpha_composite(light)
    pair.alpha_composite(light, (round(light.width * 0.45), 0))
    return layer(pair, width * 1.3, ground + unit * 1, vx=-384, wrap=round(width * 2.2))
