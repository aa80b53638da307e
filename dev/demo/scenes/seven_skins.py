"""Scene of seven drums and turning cloths."""

from PIL import Image

from dev.demo.art.brush import Brush, Size
from dev.demo.art.kitenge import wheel
from dev.demo.art.paint import glow, gradient
from dev.demo.art.scene import Layer, Path, Scene, layer

CLOTH = ("#f6b32c", "#c4145b", "#1b1440", "#12867d")
TURNS = 12  # frames of one petal's turn; the wheel looks the same after it


def paint(size: Size) -> Scene:
    """Paint two turning wheels of cloth behind a row of drummers whose hands fall in turn."""
    width, height = size
    tall = height > width
    big = round(width if tall else height * 1.04)
    ground = gradient(size, (0, "#c4145b"), (0.6, "#7d0f55"), (1, "#2b0b3a"))
    small = round(big * 0.5)
    spun = _spun(small, 8)
    sides = () if tall else (-small * 0.35, width - small * 0.65)
    drummers = tuple(_row(size, beat) for beat in range(4))
    x = width * 0.5 - big / 2
    y = height * (0.2 if tall else 0.4) - (0 if tall else big / 2)
    return Scene(
        ground,
        (
            *(Layer(spun, Path(left, -small * 0.3), fps=8) for left in sides),
            layer(glow((round(big * 1.3),) * 2, "#ffb52e", strength=0.7), x - big * 0.15,
                  y - big * 0.15),
            Layer(_spun(big, 16), Path(x, y), fps=12),
            Layer(drummers, Path(0, height - drummers[0].height, sway_y=3, period=1), fps=4),
        ),
    )  # fmt: skip


def _spun(diameter: int, petals: int) -> tuple[Image.Image, ...]:
    """Rotate a wheel at a third of the size, which is enough for coarse cloth."""
    return tuple(
        wheel(diameter, CLOTH, petals=petals, turn=360 / petals * n / TURNS) for n in range(TURNS)
    )


def _row(size: Size, beat: int) -> Image.Image:
    """Paint seven people and seven drums, the middle one the largest."""
    width, height = size
    tall = round(height * 0.5)
    brush = Brush((width, tall))
    step = width / 7.4
    for n in sorted(range(7), key=lambda k: abs(k - 3), reverse=True):
        grown = min(step * (1.7 - abs(n - 3) * 0.13), tall * 0.52)
        _drummer(
            brush, width / 2 + (n - 3) * step, float(tall), grown, down=(n + beat) % 4 < 2, n=n
        )
    return brush.image()


def _drummer(brush: Brush, x: float, foot: float, u: float, *, down: bool, n: int) -> None:
    """Paint a drummer; `u` is the drum's width."""
    ink = "#150a26"
    cloth = ("#35b0a2", "#f7e7c4", "#e8562a")[n % 3]
    top = foot - u * 0.95
    brush.blob([(x - u * 0.36, foot), (x - u * 0.3, top - u * 0.42), (x, top - u * 0.5),
                (x + u * 0.3, top - u * 0.42), (x + u * 0.36, foot)], ink)  # fmt: skip
    brush.ellipse(x, top - u * 0.72, u * 0.17, u * 0.2, ink)
    brush.blob([(x - u * 0.19, top - u * 0.76), (x - u * 0.15, top - u * 0.95), (x, top - u * 1.0),
                (x + u * 0.15, top - u * 0.95), (x + u * 0.19, top - u * 0.76)], cloth)  # fmt: skip
    for side, low in ((-1, down), (1, not down)):
        hand = (x + side * u * (0.2 if low else 0.3), top - (u * 0.02 if low else u * 0.55))
        elbow = (x + side * u * 0.52, top - u * (0.14 if low else 0.3))
        brush.stroke([(x + side * u * 0.27, top - u * 0.36), elbow, hand], u * 0.11, ink)
        brush.ellipse(*hand, u * 0.075, u * 0.06, ink)
    _drum(brush, x, top, u, cloth=cloth)


def _drum(brush: Brush, x: float, top: float, u: float, *, cloth: str) -> None:
    """Paint the Buganda drum: a wide skin laced down to a narrow foot."""
    foot = top + u * 0.95
    brush.polygon([(x - u * 0.44, top), (x + u * 0.44, top), (x + u * 0.22, foot),
                   (x - u * 0.22, foot)], "#7a3517")  # fmt: skip
    for k in range(8):
        peg = x + u * (-0.2 + k * 0.057)
        for lean in (-0.5, 0.5):
            eyelet = x + u * (-0.42 + (k + lean) * 0.12)
            brush.line([(eyelet, top), (peg, foot)], u * 0.014, "#f0cf9a")
    high = top + u * 0.36
    low = top + u * 0.52
    brush.polygon(
        [(x - u * 0.36, high), (x + u * 0.36, high), (x + u * 0.32, low), (x - u * 0.32, low)],
        cloth,
    )
    for k in range(5):
        at = x + u * (-0.26 + k * 0.13)
        brush.ellipse(at, top + u * 0.44, u * 0.04, u * 0.04, "#c4145b")
    brush.ellipse(x, top, u * 0.45, u * 0.11, "#3b160c")
    brush.ellipse(x, top - u * 0.015, u * 0.42, u * 0.09, "#f2d9a8")
    brush.ellipse(x, top - u * 0.015, u * 0.16, u * 0.035, "#d9a866")
