"""How a film was received."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Review:
    """By whom: a name of `audience.viewers`."""

    by: str
    stars: int
    words: str


@dataclass(frozen=True)
class Reply:
    by: str
    words: str


@dataclass(frozen=True)
class Remark:
    """A comment; `likes` is by how many others."""

    by: str
    words: str
    likes: int = 0
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reception:
    """`stars`: how many viewers gave one, two … five, those who wrote reviews among them."""

    out_for: int  # days the film has been out
    viewers: int  # who watched it, of the whole audience
    plays: int  # of which some are by the same viewers on another day
    stars: tuple[int, int, int, int, int]
    reviews: tuple[Review, ...]
    remarks: tuple[Remark, ...]
