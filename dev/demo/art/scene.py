"""Scenes in layers with a path each, which can be filmed or painted as a still."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PIL import Image

from dev.demo.art.brush import Size


@dataclass(frozen=True)
class Path:
    """Position of a layer's upper left corner after t seconds, in pixels.

    `wrap`: the distance after which the movement starts again.
    """

    x: float = 0
    y: float = 0
    vx: float = 0
    vy: float = 0
    sway_x: float = 0
    sway_y: float = 0
    period: float = 4
    wrap: float = 0

    def at(self, t: float) -> tuple[int, int]:
        turn = math.sin(math.tau * t / self.period)
        return (
            round(self.x + self._way(self.vx, t) + self.sway_x * turn),
            round(self.y + self._way(self.vy, t) + self.sway_y * turn),
        )

    def _way(self, speed: float, t: float) -> float:
        way = abs(speed) * t
        return math.copysign(way % self.wrap if self.wrap else way, speed)

    @property
    def expressions(self) -> tuple[str, str]:
        """Return the same position as expressions for ffmpeg's overlay."""
        return (
            self._expression(self.x, self.vx, self.sway_x),
            self._expression(self.y, self.vy, self.sway_y),
        )

    def _expression(self, start: float, speed: float, sway: float) -> str:
        way = f"{abs(speed)}*t"
        way = f"mod({way},{self.wrap})" if self.wrap else way
        sign = "-" if speed < 0 else "+"
        return f"{start}{sign}{way}+{sway}*sin(2*PI*t/{self.period})"


@dataclass(frozen=True)
class Layer:
    """Layer of one or several frames of one size, repeated at `fps`."""

    frames: tuple[Image.Image, ...]
    path: Path = field(default_factory=Path)
    fps: float = 8
    shown: tuple[float, float] | None = None  # from, until; fades in and out

    @property
    def size(self) -> Size:
        return self.frames[0].size

    @property
    def is_static(self) -> bool:
        path = self.path
        moves = path.vx or path.vy or path.sway_x or path.sway_y
        return len(self.frames) == 1 and not moves and self.shown is None

    def frame(self, t: float) -> Image.Image:
        return self.frames[int(t * self.fps) % len(self.frames)]


@dataclass(frozen=True)
class Scene:
    base: Image.Image  # RGB, the whole picture
    layers: tuple[Layer, ...]


def flattened(scene: Scene) -> Scene:
    """Return an equivalent scene with fewer layers.

    Static layers are painted into static layers below them, and all are cropped.
    """
    size = scene.base.size
    base = scene.base.convert("RGBA")
    layers = list[Layer]()
    for part in scene.layers:
        below = layers[-1] if layers else None
        if not part.is_static:
            layers.append(_cut(part))
        elif below is None:
            _put(base, part.frames[0], part.path.at(0))
        else:
            sheet = Image.new("RGBA", size)
            _put(sheet, part.frames[0], part.path.at(0))
            if below.is_static:
                both = Image.new("RGBA", size)
                _put(both, below.frames[0], below.path.at(0))
                both.alpha_composite(sheet)
                sheet = both
                layers.pop()
            layers.append(_cut(Layer((sheet,))))
    return Scene(base.convert("RGB"), tuple(layers))


def _cut(part: Layer) -> Layer:
    """Crop a layer's transparent margins, unless its frames differ."""
    box = part.frames[0].getbbox() if len(part.frames) == 1 else None
    if box is None or part.path.wrap:
        return part
    path = replace(part.path, x=part.path.x + box[0], y=part.path.y + box[1])
    return replace(part, frames=(part.frames[0].crop(box),), path=path)


Painter = Callable[[Size], Scene]


def figure(size: Size, share: float) -> int:
    """Return the pixels of a main figure: a share of the height, or the width of a tall picture."""
    return round(min(size[1] * share, size[0] * 0.92))


def layer(picture: Image.Image, x: float = 0, y: float = 0, **path: float) -> Layer:
    """Return a layer of one frame."""
    return Layer((picture,), Path(x, y, **path))


def still(scene: Scene, *, t: float) -> Image.Image:
    """Paint the scene after t seconds, without temporary layers."""
    picture = scene.base.convert("RGBA")
    for part in scene.layers:
        if part.shown is None:
            _put(picture, part.frame(t), part.path.at(t))
    return picture.convert("RGB")


def _put(picture: Image.Image, part: Image.Image, at: tuple[int, int]) -> None:
    """Paste a part, cropped to the picture, as Pillow's alpha_composite requires."""
    x = max(0, at[0])
    y = max(0, at[1])
    right = min(picture.width, at[0] + part.width)
    bottom = min(picture.height, at[1] + part.height)
    if x < right and y < bottom:
        seen = part.crop((x - at[0], y - at[1], right - at[0], bottom - at[1]))
        picture.alpha_composite(seen, (x, y))
