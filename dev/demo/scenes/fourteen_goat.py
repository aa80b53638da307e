"""Scene of a matatu with one passenger too many on a red road."""

from PIL import Image

from dev.demo.art.brush import Brush, Size, turned
from dev.demo.art.paint import disc, gradient, hills
from dev.demo.art.scene import Layer, Path, Scene, figure, layer

MURRAM = "#c4502a"


def paint(size: Size) -> Scene:
    """Paint the bouncing bus in the middle, with tea, bananas and clouds passing behind it."""
    width, height = size
    unit = min(width, height) / 100
    road = height * 0.78
    far = (round(width * 1.4), round(height * 0.34))
    tea = (round(width * 1.8), round(height * 0.3))
    ground = _ground((width * 2, round(height - road) + 2), unit)
    sky = gradient(size, (0, "#ffb629"), (0.5, "#ffd95e"), (0.8, "#fff0b3"), (1, "#fff0b3"))
    bus = tuple(matatu(figure(size, 0.86), turn * 22.5) for turn in range(2))
    left = width * 0.5 - bus[0].width * 0.5
    return Scene(
        sky,
        (
            layer(disc(round(unit * 40), "#ff7d2e"), width * 0.66, height * 0.1),
            layer(_clouds((width * 2, round(height * 0.2)), unit), 0, height * 0.12, vx=-8),
            layer(hills(far, "#8cb843", seed=31, rise=0.7), 0, height * 0.46, vx=-12),
            layer(_tea(tea, unit), 0, height * 0.52, vx=-24),
            layer(_bananas((width * 3, round(unit * 54)), unit), 0, road - unit * 53, vx=-96,
                  wrap=width * 2),
            layer(ground, 0, road, vx=-288, wrap=width),
            Layer(_dust(unit), Path(left - unit * 26, road - unit * 8), fps=6),
            Layer(bus, Path(left, road + unit * 9 - bus[0].height, sway_y=unit * 0.7, period=0.5),
                  fps=12),
        ),
    )  # fmt: skip


def matatu(width: int, turn: float) -> Image.Image:
    """Paint Kampala's white minibus with its blue check, and a goat on top."""
    brush = Brush((width, round(width * 0.76)), (100, 76), fine=3)
    _goat(brush)
    brush.line([(12, 27.5), (72, 27.5)], 1.2, "#3b2d2a")
    for post in (14, 28, 42, 56, 70):
        brush.line([(post, 27.5), (post, 31)], 1, "#3b2d2a")
    brush.blob([(3, 34), (8, 30), (40, 29), (74, 30), (84, 36), (92, 48), (98, 53), (97, 66),
                (60, 68), (6, 67), (2, 60)], "#fffaf0")  # fmt: skip
    for x0, x1 in ((8, 22), (25, 39), (42, 56)):
        brush.polygon([(x0, 35), (x1, 35), (x1, 46), (x0, 46)], "#25405c")
    brush.polygon([(59, 35), (74, 35), (85, 48), (59, 48)], "#25405c")
    _passengers(brush)
    for n in range(24):
        x = 3.4 + n * 3.9
        brush.rectangle(x, 52 + n % 2 * 2, x + 3.9, 54 + n % 2 * 2, "#1f62c4")
    brush.line([(41, 33), (41, 64)], 0.4, "#b9ad9c")
    brush.line([(58, 33), (58, 64)], 0.4, "#b9ad9c")
    brush.ellipse(95.5, 57.5, 2, 3, "#ffd14a")
    brush.rectangle(2, 57, 4.4, 62, "#d8342a")
    brush.line([(3, 66.6), (97, 66.6)], 2, "#4d4641")
    for axle in (20, 79):
        _wheel(brush, axle, turn)
    return brush.image()


def _wheel(brush: Brush, x: float, turn: float) -> None:
    brush.ellipse(x, 66, 10, 10, "#2b2523")
    brush.ellipse(x, 66, 5.4, 5.4, "#d9cdb8")
    for n in range(4):
        ends = turned([(x - 5, 66), (x + 5, 66)], turn + n * 45, about=(x, 66))
        brush.line(ends, 0.9, "#8c7f6d")


def _passengers(brush: Brush) -> None:
    faces = ((12, "#5c3320"), (18, "#7a4528"), (29, "#4a2918"), (35, "#6b3b22"), (46, "#7a4528"),
             (52, "#54301d"), (66, "#5c3320"))  # fmt: skip
    for n, (x, skin) in enumerate(faces):
        brush.ellipse(x, 41, 2.5, 3, skin)
        shirt = ("#e0392b", "#ffc933", "#37a35b", "#ff7d2e")[n % 4]
        brush.polygon([(x - 3.2, 46), (x - 2.4, 43.6), (x + 2.4, 43.6), (x + 3.2, 46)], shirt)
        if n % 3 == 1:
            brush.blob([(x - 2.8, 40), (x - 2, 36.6), (x + 2, 36.6), (x + 2.8, 40)], "#c12c6d")
    brush.blob([(56.5, 46), (58, 38), (62, 38), (62, 46)], "#37a35b")  # the conductor leans out
    brush.ellipse(60, 35.4, 2.6, 3, "#5c3320")


def _goat(brush: Brush) -> None:
    coat = "#f7ead2"
    dark = "#6e4a32"
    for x in (36, 40, 52, 55):
        brush.line([(x, 20), (x + 0.4, 27)], 1.8, dark)
    brush.blob([(33, 14), (38, 10.4), (52, 11), (57, 13), (56, 20), (46, 22), (35, 20)], coat)
    brush.blob([(42, 11), (50, 11), (49, 18), (43, 17)], dark)
    brush.stroke([(33, 14), (31, 11), (32, 9)], 1.6, coat)
    brush.blob([(53, 16), (56, 8), (60, 5), (67, 8), (68, 11), (62, 12), (58, 18)], coat)
    brush.stroke([(60, 6), (58, 2), (55, 1)], 1.2, dark)
    brush.stroke([(62, 6), (61.4, 2), (59.4, 0.8)], 1.2, dark)
    brush.blob([(58, 7), (54, 8), (53, 10), (58, 9)], dark)
    brush.ellipse(62.6, 8, 0.7, 0.7, "#211511")
    brush.stroke([(64, 12), (65, 15), (64, 17)], 0.9, dark)


def _clouds(size: Size, unit: float) -> Image.Image:
    brush = Brush(size)
    for n in range(6):
        x = size[0] * (0.02 + n * 0.17)
        y = size[1] * (0.3 + n * 7 % 3 * 0.2)
        for dx, dy, r in ((0, 0, 4), (5, -2, 5.5), (11, -0.5, 4.4), (16, 0.6, 3)):
            brush.ellipse(x + dx * unit, y + dy * unit, r * unit * 1.3, r * unit * 0.7, "#fff6d8")
    return brush.image()


def _tea(size: Size, unit: float) -> Image.Image:
    """Paint rows of tea over a hill."""
    field = hills(size, "#4f9a3d", seed=14, rise=0.7, waves=2)
    rows = Brush(size)
    for n in range(26):
        x = n * unit * 12 - size[0] * 0.05
        rows.stroke([(x, size[1]), (x + unit * 8, size[1] * 0.6), (x + unit * 24, 0)], unit * 1.5,
                    "#3b8236")  # fmt: skip
    over = Image.new("RGBA", size)
    over.paste(rows.image(), (0, 0), field)
    field.alpha_composite(over)
    return field


def _bananas(size: Size, unit: float) -> Image.Image:
    brush = Brush(size)
    half = size[0] / 3 * 2
    for n in range(12):
        x = (n % 8) * half / 8 + n // 8 * half + unit * 9
        tall = unit * (24 + n % 8 * 5 % 4 * 4)
        top = size[1] - tall
        brush.line([(x, size[1]), (x, top)], unit * 2, "#6c7a2c")
        for k, (dx, dy) in enumerate(((-14, 6), (-11, -4), (-4, -11), (5, -11), (12, -3), (14, 7))):
            tip = (x + dx * unit, top + dy * unit)
            bend = (x + dx * unit * 0.55, top + dy * unit * 0.5 - unit * 4.4)
            low = (bend[0], bend[1] + unit * 3.4)
            brush.blob([(x, top), bend, tip, low], ("#2f7a37", "#3f9140")[k % 2])
    return brush.image()


def _ground(size: Size, unit: float) -> Image.Image:
    """Paint the road, whose second half repeats the first."""
    brush = Brush(size)
    brush.rectangle(0, 0, *size, MURRAM)
    brush.rectangle(0, 0, size[0], size[1] * 0.07, "#8f361c")
    for n in range(40):
        x = n * 0.6180339 % 1 * size[0] / 2
        y = size[1] * (0.2 + n * 0.37 % 0.75)
        for repeat in (0, size[0] / 2):
            ink = ("#a8421f", "#db6b3d")[n % 2]
            brush.ellipse(x + repeat, y, unit * (1 + n % 4), unit * 0.5, ink)
    return brush.image()


def _dust(unit: float) -> tuple[Image.Image, ...]:
    frames = []
    for n in range(4):
        brush = Brush((round(unit * 40), round(unit * 18)), (40, 18))
        for k in range(6):
            age = (k + n / 4) / 6
            brush.ellipse(36 - age * 32, 14 - age * 6, 2 + age * 4, 1.6 + age * 3,
                          (235, 170, 120, round(210 * (1 - age))))  # fmt: skip
        frames.append(brush.image())
    return tuple(frames)
