"""What a film of the demo is: its story, its looks, its sound."""

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
    """Something said, from and until seconds into the film."""

    starts: float
    ends: float
    english: str
    luganda: str


@dataclass(frozen=True)
class Narrator:
    """A VJ: the voice of the translated track, and its pitch."""

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
    episode: int = 0  # its number there

    @property
    def key(self) -> str:
        """Its name for ever, whatever an editor makes of the title."""
        return slugify(self.title)

    @property
    def filename(self) -> str:
        return f"{self.key}.{self.container}"
