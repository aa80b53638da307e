"""Scene of rain, seen from under a tin roof."""

from random import Random

from PIL import Image, ImageFilter

from dev.demo.art.brush import Brush, Size
from dev.demo.art.paint import blend, glow, gradient, hills
from dev.demo.art.scene import Layer, Path, Scene, layer

WALL = "#101b24"
WOOD = "#27343a"


def paint(size: Size) -> Scene:
    """Paint a lamp on the sill inside, and a wet blue evening behind two depths of rain."""
    width, height = size
    unit = min(width, height) / 100
    outside = gradient(size, (0, "#1d4557"), (0.45, "#3f8488"), (0.75, "#8fb5a0"), (1, "#8fb5a0"))
    far = (round(width * 1.1), round(height * 0.4))
    lamp = _lamp(round(unit * 38))
    cat = _cat(round(unit * 42))
    light = glow((round(unit * 150),) * 2, "#ffae42", strength=0.6)
    sill = height * 0.8
    x = width * 0.66 if width > height else width * 0.6
    return Scene(
        outside,
        (
            layer(hills(far, "#2f6a6c", seed=3), 0, height * 0.34, vx=-3),
            layer(_village(far, unit), 0, height * 0.44, vx=-6),
            _rain((round(width * 0.86), round(sill)), unit, x=width * 0.07),
            layer(_roof((width, round(height * 0.2)), unit), 0, 0),
            _drips(width, unit, round(height * 0.2)),
            layer(_frame(size, unit, sill), 0, 0),
            Layer(_panes(size, unit), Path(0, 0), fps=2),
            layer(light, x + lamp.width / 2 - light.width / 2, sill - lamp.height * 0.55
                  - light.height / 2, sway_y=3, period=1.7),
            layer(lamp, x, sill + unit * 3 - lamp.height),
            layer(cat, width * (0.22 if width > height else 0.1), sill + unit * 3 - cat.height),
        ),
    )  # fmt: skip


def _rain(size: Size, unit: float, *, x: float) -> Layer:
    """Paint thin far and thick near streaks on a sheet of twice the height, which repeats."""
    width, height = size
    brush = Brush((width, height * 2), fine=1)
    random = Random(60)  # noqa: S311  # scenery
    for n in range(130):
        near = n % 3 == 0
        long, ink = (unit * 13, "#e8fafa80") if near else (unit * 6, "#d4ecec58")
        left = random.random() * width
        top = random.random() * height
        for repeat in (0, height):
            ends = [(left, top + repeat), (left - long * 0.12, top + repeat + long)]
            brush.line(ends, 2 if near else 1, ink)
    return layer(brush.image(), x, -height, vy=1200, wrap=height)


def _village(size: Size, unit: float) -> Image.Image:
    brush = Brush(size)
    brush.rectangle(0, size[1] * 0.62, *size, "#1f4b4f")
    for n in range(6):
        x = size[0] * (0.02 + n * 0.17)
        wide = unit * (20 + n * 5 % 9)
        top = size[1] * (0.5 + n % 3 * 0.05)
        brush.rectangle(x, top, x + wide, size[1] * 0.66, "#2a4c50")
        brush.polygon([(x - unit * 2, top), (x + wide / 2, top - unit * 8), (x + wide + unit * 2,
                       top)], ("#7c4038", "#5b5f62", "#8a5236")[n % 3])  # fmt: skip
        brush.rectangle(x + wide * 0.3, top + unit * 3, x + wide * 0.46, top + unit * 7, "#ffc76b")
    for n in range(5):
        x = size[0] * (0.12 + n * 0.19)
        top = size[1] * (0.22 + n % 2 * 0.1)
        brush.line([(x, size[1] * 0.66), (x, top)], unit * 1.2, "#1b4143")
        for dx, dy in ((-9, 5), (-7, -3), (0, -7), (7, -3), (9, 5)):
            brush.stroke([(x, top), (x + dx * unit * 0.6, top + dy * unit * 0.4 - unit * 3),
                          (x + dx * unit, top + dy * unit)], unit * 1.6, "#1f5350")  # fmt: skip
    return brush.image().filter(ImageFilter.GaussianBlur(unit * 0.35))


def _roof(size: Size, unit: float) -> Image.Image:
    """Paint corrugated iron from below, with rust at its edge."""
    width, height = size
    brush = Brush(size)
    wave = unit * 5.4
    for n in range(int(width / wave) + 2):
        x = n * wave
        for k in range(6):
            ink = blend("#2c3a42", "#6f858c", (0.1, 0.5, 1, 0.7, 0.35, 0.15)[k])
            brush.rectangle(x + k * wave / 6, 0, x + (k + 1) * wave / 6, height * 0.8, ink)
        brush.ellipse(x + wave * 0.42, height * 0.8, wave * 0.5, height * 0.07, "#50666e")
        brush.ellipse(x + wave * 0.42, height * 0.77, wave * 0.44, height * 0.06, "#7a4632")
    return brush.image()


def _drips(width: int, unit: float, top: int) -> Layer:
    """Paint a bead falling from every ridge, each at its own time."""
    wave = unit * 5.4
    fall = round(unit * 60)
    frames = []
    for n in range(8):
        brush = Brush((width, fall), fine=1)
        for k in range(int(width / wave) + 1):
            down = ((n + k * 5 % 8) % 8 / 8) ** 2 * fall
            x = (k + 0.42) * wave
            brush.ellipse(x, down, unit * 0.32, unit * (0.7 + down / fall * 2), "#e6fbfbc8")
        frames.append(brush.image())
    return Layer(tuple(frames), Path(0, top * 0.84), fps=12)


def _frame(size: Size, unit: float, sill: float) -> Image.Image:
    width, height = size
    brush = Brush(size)
    side = width * 0.07
    top = height * 0.055
    thick = unit * 2.4
    brush.rectangle(0, 0, side, height, WALL)
    brush.rectangle(width - side, 0, width, height, WALL)
    brush.rectangle(0, sill, width, height, WALL)
    brush.rectangle(0, 0, width, top, WALL)
    brush.rectangle(side, top, side + thick, sill, WOOD)
    brush.rectangle(width - side - thick, top, width - side, sill, WOOD)
    brush.rectangle((width - thick) / 2, top, (width + thick) / 2, sill, WOOD)
    brush.rectangle(side - unit * 2, sill, width - side + unit * 2, sill + unit * 4, "#7a4a2c")
    brush.rectangle(side - unit * 2, sill, width - side + unit * 2, sill + unit * 0.8, "#c98645")
    return brush.image()


def _panes(size: Size, unit: float) -> tuple[Image.Image, ...]:
    """Paint beads on the glass, some of them running."""
    frames = []
    for n in range(4):
        random = Random(4)  # noqa: S311  # scenery
        brush = Brush(size, fine=1)
        for k in range(70):
            x = random.uniform(0.1, 0.9) * size[0]
            y = random.uniform(0.2, 0.76) * size[1]
            r = unit * random.uniform(0.25, 0.7)
            y += n * unit * 1.4 if k % 6 == 0 else 0
            brush.ellipse(x, y, r, r * 1.2, "#e4f6f68c")
        frames.append(brush.image())
    return tuple(frames)


def _lamp(height: int) -> Image.Image:
    """Paint a paraffin lamp."""
    brush = Brush((round(height * 0.56), height), (56, 100), fine=3)
    brush.ring(28, 40, 24, 1.6, "#0c1216", start=150, end=390)
    brush.blob([(12, 98), (14, 84), (28, 80), (42, 84), (44, 98)], "#b03a24")
    brush.rectangle(20, 74, 36, 82, "#0c1216")
    brush.blob([(20, 75), (13, 56), (20, 36), (36, 36), (43, 56), (36, 75)], "#ffdf94")
    brush.blob([(25, 72), (23, 62), (28, 46), (33, 62), (31, 72)], "#fff9df")
    brush.polygon([(18, 37), (38, 37), (34, 24), (22, 24)], "#0c1216")
    brush.rectangle(16, 35, 40, 38, "#0c1216")
    return brush.image()


def _cat(width: int) -> Image.Image:
    """Paint a listening cat."""
    brush = Brush((width, round(width * 0.88)), (100, 88), fine=3)
    ink = "#070d12"
    brush.blob([(30, 87), (30, 60), (42, 42), (58, 42), (68, 62), (70, 87)], ink)
    brush.blob([(38, 40), (36, 26), (44, 20), (56, 20), (64, 27), (62, 40), (50, 46)], ink)
    brush.polygon([(37, 28), (37, 10), (47, 21)], ink)
    brush.polygon([(63, 28), (63, 10), (53, 21)], ink)
    brush.stroke([(66, 84), (82, 84), (90, 76), (86, 66)], 6, ink)
    brush.stroke([(64, 30), (62, 40), (69, 62), (71, 84)], 1, "#e39a4c")
    return brush.image()
