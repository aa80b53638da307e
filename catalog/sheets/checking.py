"""What a sheet would do, worked out without writing: row by row what changes, and every fault.

A few queries for the whole sheet, however long it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from catalog.models import Category, Movie, Season
from catalog.models.films import RESERVED_SLUGS
from catalog.services.credits import COPIES
from catalog.services.edits import countries_clean, names_clean
from catalog.sheets.columns import COLUMNS
from catalog.sheets.known import Known
from catalog.sheets.reading import Row
from kushfilms.core.errors import InvalidInput

# Empty means: as it is, or as it is by default.
NEVER_EMPTY = {"title", "slug", "kind", "language", "country", "access_level", "age_rating"}
PLACE = ("series", "season", "episode")
LISTS = {"genres": 60, **dict.fromkeys(COPIES, 120)}


@dataclass(frozen=True)
class Fault:
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"Row {self.row}, {self.column}: {self.message}"


@dataclass
class Step:
    """What one row does: `movie` None makes a film."""

    row: int
    movie: Movie | None
    changes: dict[str, Any]

    @property
    def is_new(self) -> bool:
        return self.movie is None

    @property
    def title(self) -> str:
        """As the film will be called."""
        given = str(self.changes.get("title") or "")
        return given or (self.movie.title if self.movie else "")


@dataclass
class Plan:
    steps: list[Step] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    same: int = 0

    @property
    def new(self) -> int:
        return sum(step.movie is None for step in self.steps)

    @property
    def changed(self) -> int:
        return len(self.steps) - self.new


def sheet_check(rows: Sequence[Row], *, now: datetime) -> Plan:
    """What these rows would do, and all that is wrong with them."""
    return _Check(rows, now=now).plan


class _Check:
    def __init__(self, rows: Sequence[Row], *, now: datetime) -> None:
        self.plan, self.now = Plan(), now
        self.values: dict[int, dict[str, Any]] = {row.number: self._cleaned(row) for row in rows}
        self.known = Known.of(list(self.values.values()))
        self.seen: dict[object, int] = {}
        self.places: dict[tuple[UUID, int], str] = {}
        for number in self.values:
            self._row(number)
        self.plan.faults.sort(key=lambda fault: (fault.row, list(COLUMNS).index(fault.column)))
        faulty = {fault.row for fault in self.plan.faults}
        self.plan.steps = [step for step in self.plan.steps if step.row not in faulty]

    def fault(self, row: int, column: str, message: str) -> None:
        self.plan.faults.append(Fault(row, column, message))

    def _cleaned(self, row: Row) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in row.cells:
            try:
                value = COLUMNS[name].clean(row.cells)
                values[name] = self._list(name, value) if isinstance(value, list) else value
            except InvalidInput as exc:
                self.fault(row.number, name, exc.extras["fields"][name][0])
            except ValueError as exc:
                self.fault(row.number, name, str(exc))
        return values

    def _list(self, name: str, value: list[str]) -> list[str]:
        if name in LISTS:
            return names_clean(value, field=name, longest=LISTS[name])
        return countries_clean(value, field=name)

    # ── Row by row ──────────────────────────────────────────────────────────────────────

    def _row(self, number: int) -> None:
        values = self.values[number]
        movie, found = self._movie(number, values)
        if not found:
            return
        changes = self._changes(number, movie, values)
        self._check_fields(number, movie, changes)
        self._check_people(number, movie, changes)
        self._check_moments(number, movie, changes)
        if changes:
            self.plan.steps.append(Step(number, movie, changes))
        else:
            self.plan.same += 1

    def _movie(self, number: int, values: dict[str, Any]) -> tuple[Movie | None, bool]:
        """The film a row means, None for a new one; False where that is wrong already."""
        wanted, slug, title = values.get("id"), values.get("slug"), values.get("title")
        movie = (
            self.known.by_id.get(wanted.lower()) if wanted else self.known.by_slug.get(slug or "")
        )
        if wanted and movie is None:
            self.fault(number, "id", "There is no film of this id. Leave it empty to make one.")
            return None, False
        key: object = movie.pk if movie else slug or (str(title).lower(), values.get("year"))
        if (first := self.seen.setdefault(key, number)) != number:
            self.fault(number, "title", f"Row {first} is of the same film. Keep one of them.")
            return None, False
        if movie is None and not self._may_be_made(number, values):
            return None, False
        return movie, True

    def _may_be_made(self, number: int, values: dict[str, Any]) -> bool:
        title, slug = values.get("title"), values.get("slug")
        if not title:
            self.fault(number, "title", "A new film needs a title.")
            return False
        twin = self.known.titled.get((title.lower(), values.get("year")))
        if twin and not slug:
            self.fault(number, "title", f"There is such a film already: give its slug, {twin}, to "
                       "change it, or the new one a slug of its own.")  # fmt: skip
            return False
        if slug in RESERVED_SLUGS:
            self.fault(number, "slug", "This word is ours. Choose another.")
            return False
        return True

    def _changes(self, number: int, movie: Movie | None, values: dict[str, Any]) -> dict[str, Any]:
        """What differs from what there is, as `movie_update` takes it."""
        changes = {
            name: value
            for name, value in values.items()
            if name not in {"id", "category", *PLACE} and not (name in NEVER_EMPTY and not value)
        }
        if "category" in values:
            changes["category"] = self._category(number, values["category"])
        changes |= self._place(number, movie, values)
        if movie is None:
            return {name: value for name, value in changes.items() if value not in ("", None, [])}
        if isinstance(changes.get("director"), list):
            changes["director"] = ", ".join(changes["director"])
        return {
            name: value for name, value in changes.items() if not _same(getattr(movie, name), value)
        }

    def _category(self, number: int, wanted: str) -> Category | None:
        if wanted and wanted.lower() not in self.known.categories:
            self.fault(number, "category", f"There is no category “{wanted[:60]}”. Make it first.")
        return self.known.categories.get(wanted.lower())

    def _place(self, number: int, movie: Movie | None, values: dict[str, Any]) -> dict[str, Any]:
        if not values.get("series"):
            if values.get("kind") == "EPISODE" and (movie is None or movie.season_id is None):
                self.fault(number, "series", "An episode stands in a series: name its slug.")
            gone = "series" in values and movie is not None and movie.season_id is not None
            return {"season": None, "kind": values.get("kind") or "FILM"} if gone else {}
        season_number = values.get("season")
        season = self.known.seasons.get(
            (values["series"], 1 if season_number is None else season_number)
        )
        if season is None:
            self.fault(number, "season", f"There is no series {values['series'][:60]} with this "
                       "season. Make it first.")  # fmt: skip
            return {}
        if (episode := values.get("episode")) is None:
            self.fault(number, "episode", "An episode needs its number.")
            return {}
        self._check_place(number, movie, season, episode)
        return {"kind": "EPISODE", "season": season, "episode_number": episode}

    def _check_place(self, number: int, movie: Movie | None, season: Season, episode: int) -> None:
        holder = self.known.held.get((season.pk, episode))
        first = self.places.setdefault((season.pk, episode), str(number))
        if holder is not None and (movie is None or holder != movie.pk):
            self.fault(number, "episode", f"{season} has another episode {episode} already.")
        elif first != str(number):
            self.fault(number, "episode", f"Row {first} has this place in {season} already.")

    def _check_fields(self, number: int, movie: Movie | None, changes: dict[str, Any]) -> None:
        plain = {
            name: value
            for name, value in changes.items()
            if name not in {*COPIES, "season", "category", "kind", "episode_number"}
        }
        probe = Movie(**plain)
        exclude = {one.name for one in Movie._meta.fields} - set(plain)
        try:
            probe.clean_fields(exclude=exclude)
        except ValidationError as exc:
            for name, faults in exc.message_dict.items():
                self.fault(number, name, " ".join(faults))

    def _check_people(self, number: int, movie: Movie | None, changes: dict[str, Any]) -> None:
        for job in COPIES:
            given = changes.get(job) or []
            for name in given.split(", ") if isinstance(given, str) else given:
                slugs = self.known.bearers.get(name.upper(), [])
                known = movie is not None and (movie.pk, name.upper()) in self.known.credited
                if name.startswith("@") and name[1:].lower() not in self.known.people:
                    self.fault(number, job, f"Nobody has the address {name[1:]}.")
                elif len(slugs) > 1 and not known:
                    which = " or ".join(f"@{slug}" for slug in slugs[:5])
                    self.fault(number, job, f"Several people are called {name}: write {which}.")

    def _check_moments(self, number: int, movie: Movie | None, changes: dict[str, Any]) -> None:
        starts, ends = (
            changes.get(name, getattr(movie, name, None))
            for name in ("licence_starts_at", "licence_ends_at")
        )
        if starts and ends and ends <= starts:
            self.fault(number, "licence_ends_at", "The licence has to end after it starts.")
        if moment := changes.get("publish_at"):
            if movie is not None and movie.published:
                self.fault(number, "publish_at", "The film is public already.")
            elif moment <= self.now:
                self.fault(number, "publish_at", "This moment is past.")


def _same(held: Any, given: Any) -> bool:
    """A sheet knows no parts of seconds."""
    if isinstance(held, datetime) and isinstance(given, datetime):
        return held.replace(microsecond=0) == given.replace(microsecond=0)
    return bool(held == given)
