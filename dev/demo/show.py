"""What a series of the demo is: its story and its looks. Its episodes are films."""

from dataclasses import dataclass

from django.utils.text import slugify

from dev.demo.art.poster import Look
from dev.demo.art.scene import Painter


@dataclass(frozen=True, kw_only=True)
class Show:
    title: str
    tagline: str
    description: str
    year: int
    genres: tuple[str, ...]
    credits: tuple[str, str]
    category: str  # its slug
    paint: Painter
    look: Look
    language: str = "English"

    @property
    def key(self) -> str:
        """Its name for ever, whatever an editor makes of the title."""
        return slugify(self.title)
