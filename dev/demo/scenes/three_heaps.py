"""Scene of a market day."""

from PIL import Image

from dev.demo.art.brush import Brush, Size
from dev.demo.art.paint import gradient
from dev.demo.art.scene import Layer, Path, Scene, figure, layer

SHADES = (("#e0392b", "#fff2d6"), ("#1d7fa3", "#ffd24a"), ("#12805c", "#fff2d6"),
          ("#ef7a1a", "#7d1f5c"), ("#7d1f5c", "#ffb3a0"))  # fmt: skip
SKIN = "#5a3020"


def paint(size: Size) -> Scene:
    """Paint umbrellas at two depths, people with loads, and heaps of fruit in front."""
    width, height = size
    unit = min(width, height) / 100
    sky = gradient(size, (0, "#fff3cf"), (0.4, "#ffdf9e"), (0.75, "#f7b26a"), (1, "#c96f3b"))
    mother = _seller(figure(size, 0.68))
    return Scene(
        sky,
        (
            layer(_bunting((width * 2, round(height * 0.16)), unit), 0, height * 0.03, vx=-8),
            layer(_umbrellas((width * 2, round(height * 0.5)), unit * 0.8, pale=True), 0,
                  height * 0.24, vx=-8),
            Layer(_walkers((round(width * 1.2), round(height * 0.36)), unit), Path(-width * 0.1,
                  height * 0.42, vx=12), fps=4),
            layer(_umbrellas((width * 2, round(height * 0.62)), unit * 1.35, pale=False),
                  -width * 0.08, height * 0.2, vx=-24),
            layer(mother, width * 0.5 - mother.width / 2, height * 0.86 - mother.height, sway_y=3,
                  period=2.4),
            layer(_stall((round(width * 1.5), round(height * 0.32)), unit), -width * 0.25,
                  height * 0.7),
        ),
    )  # fmt: skip


def _umbrellas(size: Size, unit: float, *, pale: bool) -> Image.Image:
    brush = Brush(size)
    step = unit * 36
    for n in range(int(size[0] / step) + 1):
        first, second = SHADES[(n * 2 + pale) % len(SHADES)]
        x = step * (n + 0.4)
        y = size[1] * (0.28 + n % 2 * 0.1)
        r = unit * 22
        brush.line([(x, y), (x, size[1])], unit * 0.9, "#6b4a35")
        for k in range(6):
            left = -1 + k / 3
            right = -1 + (k + 1) / 3
            brush.polygon(
                [(x, y - r * 0.55), *_rim(x, y, r, left, right)], second if k % 2 else first
            )
    picture = brush.image()
    if pale:
        picture.putalpha(picture.getchannel("A").point(lambda a: round(a * 0.5)))
    return picture


def _rim(x: float, y: float, r: float, left: float, right: float) -> list[tuple[float, float]]:
    """Return a panel's outer seam, round above and scalloped below."""

    def dome(at: float) -> float:
        return float(y - r * 0.5 * (1 - at * at) ** 0.5)

    middle = (left + right) / 2
    return [
        (x + left * r * 0.6, dome(left * 0.6) - r * 0.02), (x + left * r, y),
        (x + middle * r, y + r * 0.1), (x + right * r, y),
        (x + right * r * 0.6, dome(right * 0.6) - r * 0.02),
    ]  # fmt: skip


def _bunting(size: Size, unit: float) -> Image.Image:
    brush = Brush(size)
    for n in range(int(size[0] / (unit * 7)) + 1):
        x = n * unit * 7
        sag = abs((n % 8) - 4) * unit
        y = size[1] * 0.5 - sag
        colour = SHADES[n % 5][0]
        brush.polygon([(x, y), (x + unit * 5, y), (x + unit * 2.5, y + unit * 6)], colour)
    return brush.image()


def _walkers(size: Size, unit: float) -> tuple[Image.Image, ...]:
    """Paint people in the lane with loads on their heads; two frames make them step."""
    frames = []
    for beat in (0, 1):
        brush = Brush(size)
        for n in range(9):
            x = size[0] * (0.03 + n * 0.115)
            foot = size[1] * 0.98
            up = beat * (n % 2) * unit * 0.6
            _walker(brush, x, foot - up, unit * (1 + n % 3 * 0.12), n=n, beat=beat)
        frames.append(brush.image())
    return tuple(frames)


def _walker(brush: Brush, x: float, foot: float, u: float, *, n: int, beat: int) -> None:
    dress = SHADES[n % 5][0]
    load = SHADES[(n + 2) % 5][1]
    stride = u * (2.4 if (n + beat) % 2 else 0.8)
    for side in (-1, 1):
        brush.line([(x, foot - u * 8), (x + side * stride, foot)], u * 1.3, SKIN)
    brush.blob([(x - u * 4, foot - u * 5), (x - u * 2.6, foot - u * 18), (x, foot - u * 20),
                (x + u * 2.6, foot - u * 18), (x + u * 4, foot - u * 5)], dress)  # fmt: skip
    brush.stroke([(x + u * 2.4, foot - u * 18), (x + u * 5, foot - u * 22), (x + u * 3.4,
                  foot - u * 27)], u * 1.2, SKIN)  # fmt: skip
    brush.ellipse(x, foot - u * 23, u * 2.1, u * 2.6, SKIN)
    brush.blob([(x - u * 5.4, foot - u * 27.4), (x + u * 5.4, foot - u * 27.4), (x + u * 3.6,
                foot - u * 24.6), (x - u * 3.6, foot - u * 24.6)], "#8a5a2b")  # fmt: skip
    for dx in (-3, 0, 3):
        brush.ellipse(x + dx * u, foot - u * 28.4, u * 1.9, u * 1.7, load)


def _seller(height: int) -> Image.Image:
    """Paint the seller, arms on her hips, in a gomesi with pointed shoulders."""
    brush = Brush((round(height * 0.9), height), (90, 100), fine=3)
    dress = "#c12c6d"
    sash = "#ffc933"
    brush.blob([(22, 100), (27, 66), (30, 44), (60, 44), (63, 66), (68, 100)], dress)
    for side in (-1, 1):
        brush.polygon([(45 + side * 10, 50), (45 + side * 13, 40), (45 + side * 24, 32),
                       (45 + side * 22, 52)], dress)  # fmt: skip
        brush.stroke([(45 + side * 20, 48), (45 + side * 31, 60), (45 + side * 16, 69)], 5, SKIN)
    brush.polygon([(26, 64), (64, 64), (65.4, 73), (25, 73)], sash)
    brush.polygon([(38, 72), (47, 72), (50, 96), (41, 96)], sash)
    for n in range(5):
        brush.ellipse(34 + n * 6, 80 + n % 2 * 8, 1.6, 1.6, "#ffd9e6")
        brush.ellipse(36 + n * 5, 50 + n % 2 * 6, 1.4, 1.4, "#ffd9e6")
    brush.rectangle(41, 36, 49, 46, SKIN)
    brush.polygon([(38, 44), (52, 44), (45, 51)], SKIN)
    brush.ellipse(45, 28, 10.4, 12, SKIN)
    brush.blob([(33, 26), (31, 12), (40, 4), (54, 3), (61, 13), (57, 26), (45, 19)], "#1d7fa3")
    brush.blob([(54, 8), (66, 2), (66, 12), (58, 15)], "#1d7fa3")
    brush.stroke([(35, 20), (45, 14), (56, 19)], 1.6, sash)
    for side in (-1, 1):
        brush.ellipse(45 + side * 10.6, 33, 1.5, 2.3, sash)
        brush.stroke(
            [(45 + side * 6.6, 26), (45 + side * 4, 25), (45 + side * 2, 26)], 1, "#1e0f0a"
        )
    brush.stroke([(40, 33), (45, 35.4), (50, 33)], 1.5, "#8c1f2c")
    return brush.image()


def _stall(size: Size, unit: float) -> Image.Image:
    """Paint heaps of three kinds on sacking."""
    brush = Brush(size)
    brush.rectangle(0, size[1] * 0.46, size[0], size[1], "#6b3a20")
    brush.rectangle(0, size[1] * 0.46, size[0], size[1] * 0.56, "#a8642f")
    step = unit * 22
    kinds = (("#e0301e", "#ff6a4d"), ("#ffb21a", "#ffd766"), ("#5e9c2f", "#93c957"))
    for n in range(int(size[0] / step) + 1):
        ink, light = kinds[n % 3]
        for row in range(4):
            for k in range(4 - row):
                x = n * step + unit * (2.6 + k * 4.6 + row * 2.3)
                y = size[1] * 0.44 - row * unit * 3.7
                brush.ellipse(x, y, unit * 2.5, unit * 2.4, ink)
                brush.ellipse(x - unit * 0.8, y - unit * 0.9, unit * 0.7, unit * 0.5, light)
    return brush.image()
