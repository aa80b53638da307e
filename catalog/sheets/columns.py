"""What the columns of a sheet are called, and how a cell becomes a value and back."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from import_export import resources, widgets
from import_export.fields import Field

from billing.models import Plan
from catalog.models import AgeRating, Movie, MovieKind
from kushfilms.core.text import line_clean

# What a spreadsheet would run as a formula when it stands first in a cell.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Text(widgets.Widget):  # type: ignore[misc]  # ships no types
    def clean(self, value: Any, row: Any = None, **_: Any) -> str:
        return str(value or "").strip()

    def render(self, value: Any, obj: Any = None, **_: Any) -> str:
        return "" if value is None else str(value)


class Line(Text):
    def clean(self, value: Any, row: Any = None, **_: Any) -> str:
        return line_clean(super().clean(value))


class Choice(Text):
    """One of some words, in any case, by value or by label."""

    def __init__(self, choices: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self.choices = list(choices)
        self.known = {
            word.upper(): value for value, label in self.choices for word in (value, label)
        }

    def clean(self, value: Any, row: Any = None, **_: Any) -> str:
        word = super().clean(value)
        if word and word.upper() not in self.known:
            raise ValueError(f"“{word[:40]}” is none of {', '.join(v for v, _ in self.choices)}.")
        return self.known.get(word.upper(), "")


class Names(widgets.Widget):  # type: ignore[misc]
    """Several, with | between them; ; and , are read as well."""

    def clean(self, value: Any, row: Any = None, **_: Any) -> list[str]:
        text = str(value or "")
        mark = next((mark for mark in "|;," if mark in text), "|")
        return list(dict.fromkeys(line_clean(word) for word in text.split(mark) if word.strip()))

    def render(self, value: Any, obj: Any = None, **_: Any) -> str:
        names = value.split(", ") if isinstance(value, str) else value or []
        return " | ".join(name for name in names if name)


class Whole(Text):
    def clean(self, value: Any, row: Any = None, **_: Any) -> int | None:  # type: ignore[override]
        text = super().clean(value).removesuffix(".0")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 5):
            raise ValueError(f"“{text[:20]}” is no whole number.")
        return int(text)


class Moment(Text):
    """`2026-12-24 18:00` in the time zone of the site, or with one of its own; or a day."""

    def clean(  # type: ignore[override]
        self, value: Any, row: Any = None, **_: Any
    ) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = parse_datetime(text)
            day = parse_date(text) if found is None else None
        except ValueError:
            found = day = None
        if day is not None:
            found = datetime(day.year, day.month, day.day)  # noqa: DTZ001  made aware below
        if found is None:
            raise ValueError(f"“{text[:40]}” is no moment. Write it as 2026-12-24 18:00.")
        aware = found if timezone.is_aware(found) else timezone.make_aware(found)
        return aware.astimezone(UTC)

    def render(self, value: Any, obj: Any = None, **_: Any) -> str:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S%z}" if value else ""


def _field(name: str, widget: Any, attribute: str | None = None) -> Field:
    return Field(column_name=name, attribute=attribute or name, widget=widget)


class MovieSheet(resources.Resource):  # type: ignore[misc]
    """One row a film. Rows are matched by id, else by slug."""

    id = _field("id", Text())
    slug = _field("slug", Text())
    title = _field("title", Line())
    kind = _field("kind", Choice(MovieKind.choices))
    series = _field("series", Text(), "season__series__slug")
    season = _field("season", Whole(), "season__number")
    episode = _field("episode", Whole(), "episode_number")
    description = _field("description", Text())
    plot = _field("plot", Text())
    year = _field("year", Whole())
    director = _field("director", Names())
    cast = _field("cast", Names())
    vjs = _field("vjs", Names())
    genres = _field("genres", Names())
    language = _field("language", Line())
    country = _field("country", Line())
    category = _field("category", Text(), "category__slug")
    access_level = _field("access_level", Choice(Plan.choices))
    age_rating = _field(
        "age_rating", Choice((rating, str(label)) for rating, label in AgeRating.choices)
    )
    allowed_countries = _field("allowed_countries", Names())
    blocked_countries = _field("blocked_countries", Names())
    licence_holder = _field("licence_holder", Line())
    licence_starts_at = _field("licence_starts_at", Moment())
    licence_ends_at = _field("licence_ends_at", Moment())
    publish_at = _field("publish_at", Moment())

    class Meta:
        model = Movie

    def cells(self, movie: Movie) -> list[str]:
        return [safe(str(cell)) for cell in self.export_resource(movie)]


COLUMNS: dict[str, Field] = MovieSheet().fields


def safe(cell: str) -> str:
    """Nothing that a spreadsheet would run."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def unsafe(cell: str) -> str:
    """What `safe` has put before it is taken off again."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
