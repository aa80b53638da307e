"""Description of a demo film: story, appearance and sound."""

from dataclasses import dataclass

from django.utils.text import slugify

from billing.models import Plan
from catalog.models import AgeRating
from dev.demo.art.brush import Size
from dev.demo.art.poster import Look
from dev.demo.art.scene import Painter
from dev.demo.audience.reception import Reception
from dev.demo.show import Show
from dev.demo.sound.score import Score


@dataclass(frozen=True)
class Line:
    """Line of dialogue, with its start and end in seconds of the film."""

    starts: float
    ends: float
    english: str
    luganda: str


@dataclass(frozen=True)
class Narrator:
    """VJ of the translated track, with the pitch of the voice."""

    name: str
    hz: float


@dataclass(frozen=True, kw_only=True)
class Film:
    title: str
    tagline: str
    description: str
    plot: str
    year: int
    director: str
    cast: tuple[str, ...]
    genres: tuple[str, ...]
    credits: tuple[str, str]
    category: str  # its slug
    access_level: Plan
    age_rating: AgeRating
    reception: Reception
    seconds: int
    container: str
    paint: Painter
    look: Look
    score: Score
    language: str = "English"
    frame: Size = (1280, 720)
    frame_rate: int = 24
    lines: tuple[Line, ...] = ()
    subtitled: bool = False
    vj: Narrator | None = None
    featured: bool = False
    show: Show | None = None
    episode: int = 0  # number of the episode in the show

    @property
    def key(self) -> str:
        """Return the permanent name, which does not change with the title on the site."""
        return slugify(self.title)

    @property
    def filename(self) -> str:
        return f"{self.key}.{self.container}"
