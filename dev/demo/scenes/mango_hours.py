"""Hours at the mango tree: colours of a morning, an evening and a night of rain."""

from dataclasses import dataclass
from functools import lru_cache

from dev.demo.art.paint import blend

Stops = tuple[tuple[float, str], ...]


@dataclass(frozen=True, kw_only=True)
class Hour:
    """Colours of an hour. `depth` is the opacity of `dark` over all colours, 0 to 1.

    `near` is the opacity over the people below the tree, where there is light.
    """

    sky: Stops
    dark: str
    depth: float
    near: float
    disc: str  # sun or moon
    disc_at: tuple[float, float]  # shares of the picture
    disc_units: float
    lamps: bool = False
    rain: bool = False
    crowd: bool = False  # all people are below the tree, with the passenger

    def shade(self, colour: str) -> tuple[int, int, int]:
        return _shaded(colour, self.dark, self.depth)

    def light(self, colour: str) -> tuple[int, int, int]:
        return _shaded(colour, self.dark, self.near)


@lru_cache(maxsize=256)
def _shaded(colour: str, dark: str, depth: float) -> tuple[int, int, int]:
    return blend(colour, dark, depth)


MORNING = Hour(
    sky=((0, "#2f93c4"), (0.35, "#9bd8da"), (0.6, "#ffe9b5"), (1, "#ffd48a")),
    dark="#2a5a4a",
    depth=0.0,
    near=0.0,
    disc="#fff3c4",
    disc_at=(0.8, 0.3),
    disc_units=17,
)
EVENING = Hour(
    sky=((0, "#3b1d5e"), (0.3, "#a5336a"), (0.52, "#f4713d"), (0.68, "#ffb84d"), (1, "#ffcf74")),
    dark="#4a1648",
    depth=0.34,
    near=0.12,
    disc="#ffe39a",
    disc_at=(0.71, 0.31),
    disc_units=24,
    lamps=True,
)
RAIN = Hour(
    sky=((0, "#081226"), (0.4, "#12304c"), (0.62, "#1f5266"), (1, "#2a6672")),
    dark="#081226",
    depth=0.56,
    near=0.2,
    disc="#9fc6cf",
    disc_at=(0.78, 0.14),
    disc_units=9,
    lamps=True,
    rain=True,
    crowd=True,
)
