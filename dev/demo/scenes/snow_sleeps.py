"""Scene of a sunrise behind the Rwenzori."""

from PIL import Image, ImageDraw

from dev.demo.art.brush import Brush, Point, Size
from dev.demo.art.paint import disc, glow, gradient, hills, peaks
from dev.demo.art.scene import Scene, layer

INK = "#0d1a2c"


def paint(size: Size) -> Scene:
    """Paint three ranges, mist between them, and giant lobelias in front."""
    width, height = size
    unit = min(width, height) / 100
    sky = gradient(
        size, (0, "#16305c"), (0.3, "#5b6fa8"), (0.5, "#f2a48b"), (0.62, "#ffd27a"), (1, "#ffe6b0")
    )
    sun = disc(round(unit * 20), "#fff3c4")
    halo = glow((round(unit * 130),) * 2, "#ffcf6a")
    middle = width * 0.62
    high = (round(width * 1.12), round(height * 0.56))
    return Scene(
        sky,
        (
            layer(halo, middle - unit * 65, height * 0.36 - unit * 65),
            layer(sun, middle - unit * 10, height * 0.44 - unit * 10, vy=-unit * 0.8),
            layer(_range(high, 21, "#7c86b8", "#f6e4e4"), 0, height * 0.27),
            layer(_mist((width * 2, round(height * 0.2)), 120), -width * 0.6, height * 0.6, vx=12),
            layer(_range(high, 8, "#41518c", "#dfe3f4"), -width * 0.02, height * 0.41, vx=-4),
            layer(_mist((width * 2, round(height * 0.24)), 170), 0, height * 0.7, vx=-24),
            layer(hills((round(width * 1.2), round(height * 0.3)), "#1d3150", seed=5), 0,
                  height * 0.7, vx=-12),
            layer(_plants((round(width * 1.5), round(height * 0.4)), unit), 0, height * 0.62,
                  vx=-24),
            layer(_birds(unit), width * 0.1, height * 0.2, vx=36, vy=-4),
        ),
    )  # fmt: skip


def _range(size: Size, seed: int, rock: str, snow: str) -> Image.Image:
    """Paint rock, darker at its foot, with snow above a ragged line and one flank in shadow."""
    outline = peaks(size, seed=seed, rough=0.52)
    shape = Brush(size)
    shape.polygon([(0, size[1]), *outline, (size[0], size[1])], "#ffffff")
    body = gradient(size, (0, rock), (1, "#d9b7b0")).convert("RGBA")
    for part, ink in ((_snow(outline, size), snow), (_shade(outline, size), "#1a2c7050")):
        brush = Brush(size)
        brush.polygon(part, ink)
        body.alpha_composite(brush.image())
    body.putalpha(shape.image().getchannel("A"))
    return body


def _snow(outline: list[Point], size: Size) -> list[Point]:
    line = size[1] * 0.5
    ragged = [
        (x, max(y, min(line + (n * 37 % 11 - 5) * size[1] * 0.012, y + size[1] * 0.19)))
        for n, (x, y) in enumerate(outline)
    ]
    return [*outline, *reversed(ragged)]


def _shade(outline: list[Point], size: Size) -> list[Point]:
    """Paint the side away from the sun: everything left of the highest ridge."""
    top = min(range(len(outline)), key=lambda n: outline[n][1])
    x, y = outline[top]
    fall = size[1] - y
    ridge = [
        (x + fall * (0.1 * down + (0.05 if step % 2 else -0.03)), y + fall * down)
        for step in range(1, 10)
        if (down := step / 9)
    ]
    return [*outline[: top + 1], *ridge, (0, size[1])]


def _mist(size: Size, strength: int) -> Image.Image:
    mist = Image.new("RGBA", size, "#ffe9d6")
    rows = Image.new("L", (1, 64))
    draw = ImageDraw.Draw(rows)
    for y in range(64):
        draw.point((0, y), round(strength * (1 - abs(y / 32 - 1)) ** 1.4))
    mist.putalpha(rows.resize(size, Image.Resampling.BICUBIC))
    return mist


def _plants(size: Size, unit: float) -> Image.Image:
    """Paint giant lobelias and groundsels, which grow only on such mountains."""
    brush = Brush(size)
    foot = float(size[1])
    brush.polygon([(0, foot), (0, foot * 0.86), (size[0], foot * 0.8), (size[0], foot)], INK)
    for n in range(11):
        x = size[0] * (0.03 + n * 0.097)
        tall = unit * (16 + (n * 7 % 5) * 4.5)
        base = foot * 0.88
        if n % 3 == 1:
            _groundsel(brush, x, base, tall, unit=unit)
        else:
            brush.blob(
                [(x - unit, base), (x - unit * 1.6, base - tall * 0.5), (x, base - tall),
                 (x + unit * 1.6, base - tall * 0.5), (x + unit, base)], INK,
            )  # fmt: skip
            _rosette(brush, x, base - unit, unit * 5)
    return brush.image()


def _groundsel(brush: Brush, x: float, base: float, tall: float, *, unit: float) -> None:
    for side, share in ((-1, 0.8), (1, 1.0)):
        top = (x + side * unit * 5, base - tall * share)
        brush.stroke([(x, base), (x + side * unit, base - tall * 0.5), top], unit * 1.7, INK)
        _rosette(brush, top[0], top[1], unit * 4.4)


def _rosette(brush: Brush, x: float, y: float, r: float) -> None:
    for dx, dy in ((-1, -0.1), (-0.75, -0.6), (-0.3, -0.95), (0.3, -0.95), (0.75, -0.6), (1, -0.1)):
        brush.stroke([(x, y), (x + dx * r * 0.6, y + dy * r * 0.8), (x + dx * r, y + dy * r)],
                     r * 0.2, INK)  # fmt: skip


def _birds(unit: float) -> Image.Image:
    brush = Brush((round(unit * 30), round(unit * 12)), (30, 12))
    for x, y, r in ((4, 8, 2.4), (11, 4, 3), (17, 7, 2), (24, 3, 2.2)):
        brush.stroke([(x - r, y - 1), (x - r / 2, y - 1.5), (x, y), (x + r / 2, y - 1.5),
                      (x + r, y - 1)], 0.45, "#22305c")  # fmt: skip
    return brush.image()
