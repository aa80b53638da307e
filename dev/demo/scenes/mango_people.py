"""People below the mango tree, and their motorcycles."""

from collections.abc import Callable
from dataclasses import dataclass

from dev.demo.art.brush import Brush, Point
from dev.demo.scenes.mango_hours import Hour

INK = "#1d1412"


@dataclass(frozen=True, kw_only=True)
class Character:
    """Person in colours. `vest` is a rider's, with two bright stripes."""

    skin: str
    shirt: str
    trousers: str
    vest: str = ""
    head: str = ""  # a helmet or a headwrap of this colour; else their own hair
    wrap: bool = False
    skirt: bool = False


CHAIRMAN = Character(skin="#5a3020", shirt="#f2e6c8", trousers="#4a4038", vest="#ef7a1a")
OKELLO = Character(skin="#472315", shirt="#2f7fb0", trousers="#33405c", vest="#d7263d",
                  head="#e8e1cf")  # fmt: skip
KISAKYE = Character(skin="#6b3b22", shirt="#c12c6d", trousers="#2b3a67", vest="#f2c014",
                   head="#f2c014")  # fmt: skip
ROLEX = Character(skin="#5c3320", shirt="#12857f", trousers="#7d1f5c", head="#ffc933", wrap=True,
                 skirt=True)  # fmt: skip
PASSENGER = Character(skin="#7a4528", shirt="#7a3aa8", trousers="#e0392b", head="#e0392b",
                     wrap=True, skirt=True)  # fmt: skip


class Figures:
    """Painter of people in units `u`, at the feet (x, foot) and an hour."""

    def __init__(self, brush: Brush, u: float, hour: Hour) -> None:
        self.brush = brush
        self.u = u
        self.hour = hour

    def standing(self, who: Character, x: float, foot: float, *, wave: bool = False) -> None:
        at = self._at(x, foot)
        shade = self.hour.light
        if who.skirt:
            self.brush.blob([at(-5.2, -2), at(-4.4, -16), at(4.4, -16), at(5.2, -2)],
                            shade(who.trousers))  # fmt: skip
        else:
            for side in (-1, 1):
                self._line([at(side * 2.2, -16), at(side * 2.6, -1)], 3.6, who.trousers)
        for side in (-1, 1):
            self._oval(at(side * 2.8 + 0.5, -0.8), 2.4, 1.1, INK)
        self._body(who, x, foot - 15 * self.u, wave=wave)

    def seated(self, who: Character, x: float, foot: float) -> None:
        """Draw a person on a bench, facing the viewer."""
        at = self._at(x, foot)
        for side in (-1, 1):
            knee = at(side * 3, -11)
            shoe = at(side * 3.4, -1)
            self._line([knee, shoe], 3.8, who.trousers)
            self._oval(at(side * 3.6, -0.8), 2.4, 1.1, INK)
        self._body(who, x, foot - 11 * self.u, wave=False)

    def riding(self, who: Character, x: float, foot: float) -> None:
        """Draw a person on the motorcycle at the same place, facing the viewer."""
        at = self._at(x, foot)
        self._line([at(-4, -17), at(4, -14), at(2.5, -5.5)], 4.4, who.trousers)
        self._oval(at(4, -4.6), 2.8, 1.3, INK)
        self._torso(who, at(-4, -17), lean=2.4)
        self._line([at(-1, -27), at(4, -22), at(11, -23)], 2.9, who.shirt)
        self._oval(at(11.4, -23), 1.5, 1.5, who.skin)
        self._head(who, *at(-1.4, -36.5))

    def motorcycle(self, x: float, foot: float, colour: str) -> None:
        at = self._at(x, foot)
        for wheel in (-13.5, 14):
            self._oval(at(wheel, -6.4), 6.4, 6.4, INK)
            self._oval(at(wheel, -6.4), 4.5, 4.5, "#8d8577")
            self._oval(at(wheel, -6.4), 3.7, 3.7, "#2f2825")
            self._oval(at(wheel, -6.4), 1.2, 1.2, "#c9bfae")
        self._line([at(14, -6.4), at(9.6, -18), at(8.4, -22)], 1.7, "#a59b8b")
        self._line([at(8, -22.4), at(11.5, -23.6)], 1.2, INK)
        self._line([at(9, -23), at(9.6, -27)], 0.6, INK)
        self._oval(at(9.8, -27.6), 1.5, 1.1, INK)
        self._blob([at(-5, -6), at(-3, -11.5), at(5, -12), at(6, -6.5), at(1, -3.6)], "#5b544d")
        self._blob([at(-1, -12), at(1, -17.8), at(7.6, -19), at(8.6, -14.6), at(4, -11.6)], colour)
        self._blob([at(-17, -13.4), at(-16.6, -16.6), at(-4, -16), at(0, -15.4), at(-1, -12.6),
                    at(-8, -12.6)], "#2a1f1c")  # fmt: skip
        self._blob([at(-19, -11.2), at(-15, -14.2), at(-8, -12.8), at(-12, -10)], colour)
        self._line([at(-12, -6), at(-2, -5)], 1.4, "#c9bfae")
        self._oval(at(12, -18.6), 2.3, 2.3, "#fff3cf")
        self._oval(at(-19, -12.6), 0.9, 1.2, "#ff3b30")

    def _body(self, who: Character, x: float, hip: float, *, wave: bool) -> None:
        at = self._at(x, hip)
        hands: tuple[tuple[Point, ...], ...] = (
            (at(-5, -10.6), at(-8, -5), at(-6.4, 0.6)),
            (at(5, -10.6), at(10, -13), at(11.4, -19)) if wave
            else (at(5, -10.6), at(8, -5), at(6.4, 0.6)),
        )  # fmt: skip
        for arm in hands:
            self.brush.stroke(arm, 2.9 * self.u, self.hour.light(who.shirt))
            self._oval(arm[-1], 1.6, 1.6, who.skin)
        self._torso(who, at(0, 0), lean=0)
        self._head(who, *at(0, -19.2))

    def _torso(self, who: Character, hip: Point, *, lean: float) -> None:
        at = self._at(*hip)
        shape = [at(-5, 1), at(-5.6 + lean, -10), at(-3 + lean, -13.2), at(3 + lean, -13.2),
                 at(5.8 + lean, -10), at(5, 1)]  # fmt: skip
        self._blob(shape, who.vest or who.shirt)
        if who.vest:
            for down, much in ((-7.6, 0.7), (-2.6, 0.3)):
                ends = [at(-5 + lean * much, down), at(5 + lean * much, down)]
                self.brush.line(ends, 1.1 * self.u, "#fbf6cf")
            self._line([at(lean, -13), at(0, 1)], 0.5, INK)
        self._line([at(lean, -14.6), at(lean, -12.6)], 3.2, who.skin)

    def _head(self, who: Character, x: float, y: float) -> None:
        at = self._at(x, y)
        self._oval((x, y), 4.1, 4.8, who.skin)
        if who.head:
            tall = 8.4 if who.wrap else 6.4
            self._blob([at(-4.7, -0.9), at(-4.6, -tall * 0.6), at(0, -tall), at(4.6, -tall * 0.6),
                        at(4.7, -0.9), at(0, -2.4)], who.head)  # fmt: skip
            if not who.wrap:
                self._line([at(-4.6, -1), at(-4.4, 2)], 0.8, INK)
        else:
            self._blob([at(-4.2, -0.6), at(-3.8, -4.4), at(0, -5.6), at(3.8, -4.4), at(4.2, -0.6),
                        at(0, -2.8)], INK)  # fmt: skip
        for side in (-1, 1):
            self._oval(at(side * 1.6, 0.2), 0.5, 0.6, "#120a08")
        self.brush.stroke([at(-1.6, 2.3), at(0, 3), at(1.6, 2.3)], 0.5 * self.u, "#2a0f0c")

    def _at(self, x: float, y: float) -> Callable[[float, float], Point]:
        """Return points by their distance from here, in units."""
        return lambda dx, dy: (x + dx * self.u, y + dy * self.u)

    def _line(self, points: list[Point], width: float, colour: str) -> None:
        self.brush.line(points, width * self.u, self.hour.light(colour))

    def _blob(self, points: list[Point], colour: str) -> None:
        self.brush.blob(points, self.hour.light(colour))

    def _oval(self, at: Point, rx: float, ry: float, colour: str) -> None:
        self.brush.ellipse(*at, rx * self.u, ry * self.u, self.hour.light(colour))
