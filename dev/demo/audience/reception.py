"""Reception of a film by the demo's audience, read from `texts/*.yaml`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Review:
    """Review by a viewer. `by` is a name in `audience.viewers`."""

    by: str
    stars: int
    text: str


@dataclass(frozen=True)
class Reply:
    by: str
    text: str


@dataclass(frozen=True)
class Remark:
    """Comment by a viewer. `likes` is the number of likes by others."""

    by: str
    text: str
    likes: int = 0
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reception:
    """Reception of a film. `stars` are the numbers of ratings with one to five stars.

    The ratings include those of the reviews.
    """

    out_for: int  # days since the release
    viewers: int  # number of viewers, of the whole audience
    plays: int  # including repeated plays on other days
    stars: tuple[int, int, int, int, int]
    reviews: tuple[Review, ...]
    remarks: tuple[Remark, ...]


def load_reception(name: str) -> Reception:
    """Return the reception in `texts/{name}.yaml`."""
    data: dict[str, Any] = yaml.safe_load((TEXTS / f"{name}.yaml").read_text())
    one, two, three, four, five = data.pop("stars")
    reviews = tuple(Review(**review) for review in data.pop("reviews"))
    remarks = tuple(_remark(**remark) for remark in data.pop("remarks"))
    return Reception(stars=(one, two, three, four, five), reviews=reviews, remarks=remarks, **data)


def _remark(*, replies: list[dict[str, str]] | None = None, **fields: Any) -> Remark:
    return Remark(replies=tuple(Reply(**reply) for reply in replies or ()), **fields)
