"""Description of a demo series: story and appearance. Its episodes are films."""

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
        """Return the permanent name, which does not change with the title on the site."""
        return slugify(self.title)
