"""Films as rows of a sheet: the columns, and the import through the film services.

The services are the only rules: a check is an import that is rolled back. It is done in batches,
because it holds the locks of an import, which requests of viewers and staff wait for. A conflict
between rows of two batches is found when the sheet is imported, which writes all of it or nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import RowResult
from tablib import Dataset

from billing.models import Plan
from catalog.models import AgeRating, Category, Movie, MovieKind, Season
from catalog.selectors.slugs import uuid_or_none
from catalog.services.credits import COPIES
from catalog.services.edits import countries_clean
from catalog.services.film_edits import movie_add, movie_update
from catalog.sheets.widgets import Choice, Integer, Line, Moment, Names, Text
from kushfilms.core.errors import InvalidInput, KushError

# The first characters of a cell that a spreadsheet would run as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Rows of one batch of a check.
CHECKED_AT_ONCE = 200
# The sheet's own number of a row, in the dataset beside the columns.
ROW = "#"
# An empty cell leaves these as they are.
NEVER_EMPTY = {"title", "slug", "kind", "language", "country", "access_level", "age_rating"}
# Columns that identify the film or its position, which `movie_update` takes in another form.
NOT_WRITTEN = {"id", "series", "season", "episode"}
# The services' field names that differ from the column's.
COLUMN_OF_FIELD = {"number": "episode", "episode_number": "episode"}


def _column(name: str, widget: Any, attribute: str = "") -> Field:
    return Field(column_name=name, attribute=attribute or name, widget=widget)


class MovieResource(resources.Resource):  # type: ignore[misc]  # ships no types
    """One row a film, matched by id, else by slug."""

    id = _column("id", Text())
    slug = _column("slug", Text())
    title = _column("title", Line())
    kind = _column("kind", Choice(MovieKind.choices))
    series = _column("series", Text(), "season__series__slug")
    season = _column("season", Integer(), "season__number")
    episode = _column("episode", Integer(), "episode_number")
    description = _column("description", Text())
    plot = _column("plot", Text())
    year = _column("year", Integer())
    director = _column("director", Names())
    cast = _column("cast", Names())
    vjs = _column("vjs", Names())
    genres = _column("genres", Names())
    language = _column("language", Line())
    country = _column("country", Line())
    category = _column("category", Text(), "category__slug")
    access_level = _column("access_level", Choice(Plan.choices))
    age_rating = _column("age_rating", Choice(AgeRating.choices))
    allowed_countries = _column("allowed_countries", Names())
    blocked_countries = _column("blocked_countries", Names())
    licence_holder = _column("licence_holder", Line())
    licence_starts_at = _column("licence_starts_at", Moment())
    licence_ends_at = _column("licence_ends_at", Moment())
    publish_at = _column("publish_at", Moment())

    class Meta:
        model = Movie
        import_id_fields = ()
        instance_loader_class = BaseInstanceLoader  # unused: `get_instance` finds the film
        use_transactions = True
        skip_diff = True

    # ── Export ──────────────────────────────────────────────────────────────────────────

    def cells(self, movie: Movie) -> list[str]:
        return [escape_formula(str(cell)) for cell in self.export_resource(movie)]

    # ── Import ──────────────────────────────────────────────────────────────────────────

    def __init__(self) -> None:
        super().__init__()
        self.first_rows: dict[object, int] = {}
        self.seasons: dict[tuple[str, int], Season | None] = {}

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Load what the rows are looked up in."""
        self.categories = {}
        for category in Category.objects.all():
            self.categories[category.name.lower()] = self.categories[category.slug] = category
        # Found before the first row is written: a row may give its film another slug.
        slugs = dataset["slug"] if "slug" in dataset.headers else []
        films = Movie.objects.filter(slug__in=set(slugs))
        self.ids_by_slug = dict(films.values_list("slug", "pk"))
        titles = dataset["title"] if "title" in dataset.headers else []
        keys = {title.lower() for title in titles}
        films_by_title = Movie.objects.annotate(key=Lower("title")).filter(key__in=keys)
        self.slugs_by_title = {
            (key, year): slug
            for key, year, slug in films_by_title.values_list("key", "year", "slug")
        }

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Movie | None:
        movie_id = self.ids_by_slug.get(row.get("slug", ""))
        if row.get("id"):
            movie_id = uuid_or_none(row["id"])
        films = Movie.objects.select_related("category", "season__series")
        movie = films.filter(pk=movie_id).first() if movie_id else None
        if row.get("id") and movie is None:
            fault = "No film has this id. Leave the cell empty to create a new film."
            raise ValidationError({"id": fault})
        new = row.get("slug") or (row.get("title", "").lower(), row.get("year"))
        key: object = movie.pk if movie else new
        if (first := self.first_rows.setdefault(key, int(row[ROW]))) != int(row[ROW]):
            fault = f"Row {first} is about the same film. Remove one of the two."
            raise ValidationError({"title": fault})
        return movie

    def init_instance(self, row: Any = None) -> Movie:
        return Movie()

    def import_field(self, field: Field, instance: Movie, row: Any, *_: Any, **__: Any) -> None:
        """Collect the cell's value; the services write it. Raises ValueError."""
        name = field.column_name
        if name not in row:
            return
        value = field.widget.clean(row[name])
        if name in {"allowed_countries", "blocked_countries"}:
            try:
                value = countries_clean(value, field=name)
            except InvalidInput as exc:
                raise ValueError(exc.extras["fields"][name][0]) from exc
        if name == "category":
            value = self._category(value)
        if value or name not in NEVER_EMPTY:
            self.values[name] = value

    def import_instance(self, instance: Movie, row: Any, **kwargs: Any) -> None:
        """Work out the film's changes from the row. Raises ValidationError, by column."""
        self.values: dict[str, Any] = {}
        self.changes: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for column in self.get_import_fields():
            try:
                self.import_field(column, instance, row)
            except ValueError as exc:
                faults[column.column_name] = str(exc)
        new = instance._state.adding
        if new:
            faults |= self._new_film_faults()
        position = self._position(instance, faults)
        if faults:
            raise ValidationError(faults)
        given = {name: value for name, value in self.values.items() if name not in NOT_WRITTEN}
        self.changes = {
            name: value
            for name, value in (given | position).items()
            if (value not in ("", None, []) if new else not _is_current(instance, name, value))
        }

    def skip_row(
        self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None
    ) -> bool:
        return not self.changes and not import_validation_errors

    def save_instance(
        self,
        instance: Movie,
        is_create: bool,  # noqa: FBT001  the library's signature
        row: Any,
        **kwargs: Any,
    ) -> None:
        try:
            if is_create:
                saved = movie_add(changes=self.changes)
            else:
                saved = movie_update(instance, changes=self.changes)
        except KushError as exc:
            raise _row_faults(exc, row) from exc
        instance.__dict__.update(saved.__dict__)

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> Any:
        """Import a row. Raise what is not the row's fault, such as a lost database connection."""
        result = super().import_row(row, instance_loader, **kwargs)
        for error in result.errors:
            raise error.error
        return result

    def _category(self, name: str) -> Category | None:
        if name and name.lower() not in self.categories:
            raise ValueError(f"No category is called “{name[:60]}”. Create it first.")
        return self.categories.get(name.lower())

    def _new_film_faults(self) -> dict[str, str]:
        title = self.values.get("title")
        if not title:
            return {"title": "A new film needs a title."}
        slug = self.slugs_by_title.get((title.lower(), self.values.get("year")))
        if slug and not self.values.get("slug"):
            fault = f"A film of this title and year exists: give its slug, {slug}, to change it, "
            return {"title": f"{fault}or give the new film a slug of its own."}
        return {}

    def _position(self, movie: Movie, faults: dict[str, str]) -> dict[str, Any]:
        """Return the film's position in a series as `movie_update` takes it; add to `faults`."""
        slug = self.values.get("series")
        if not slug:
            leaves = "series" in self.values and movie.season_id is not None
            return {"season": None, "kind": self.values.get("kind") or "FILM"} if leaves else {}
        number = self.values.get("season")
        key = (slug, 1 if number is None else number)
        if key not in self.seasons:
            seasons = Season.objects.filter(series__slug=key[0], number=key[1])
            self.seasons[key] = seasons.select_related("series").first()
        season = self.seasons[key]
        if season is None:
            faults["season"] = f"No series {slug[:60]} has this season. Create it first."
        if self.values.get("episode") is None:
            faults.setdefault("episode", "An episode needs its number.")
        return {"kind": "EPISODE", "season": season, "episode_number": self.values.get("episode")}


COLUMNS: dict[str, Field] = MovieResource().fields


def _is_current(movie: Movie, name: str, value: Any) -> bool:
    """Return whether the film has this value already. A sheet has no fractions of a second."""
    current = getattr(movie, name)
    if isinstance(current, datetime) and isinstance(value, datetime):
        return current.replace(microsecond=0) == value.replace(microsecond=0)
    if name == "director":
        value = ", ".join(value)
    return bool(current == value)


def _row_faults(exc: KushError, row: dict[str, str]) -> ValidationError:
    """Return a service's refusal by column, at the title where it concerns none."""
    column = "episode" if exc.error_code == "episode_taken" else "title"
    faults: dict[str, list[str]] = {}
    for name, sentences in (exc.extras.get("fields") or {column: [exc.message]}).items():
        column = COLUMN_OF_FIELD.get(name, name)
        if column == "credits":  # a person named by @slug, who does not exist
            column = next((job for job in COPIES if "@" in row.get(job, "")), "title")
        faults.setdefault(column if column in COLUMNS else "title", []).extend(sentences)
    return ValidationError(faults)


def escape_formula(cell: str) -> str:
    """Return the cell such that a spreadsheet does not run it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def unescape_formula(cell: str) -> str:
    """Return the cell without the quotation mark that `escape_formula` added."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


@dataclass(frozen=True)
class Fault:
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"Row {self.row}, {self.column}: {self.message}"


@dataclass(frozen=True)
class ImportedFilm:
    row: int
    title: str
    is_new: bool


@dataclass
class ImportReport:
    """The outcome of an import or a check; where it has faults nothing was written."""

    films: list[ImportedFilm] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    same: int = 0

    def add(self, number: int, row: RowResult) -> None:
        if row.validation_error:
            columns = row.validation_error.message_dict
            for column in sorted(columns, key=list(COLUMNS).index):
                self.faults.append(Fault(number, column, " ".join(columns[column])))
        elif row.is_skip():
            self.same += 1
        else:
            self.films.append(ImportedFilm(number, row.object_repr, row.is_new()))

    @property
    def new(self) -> int:
        return sum(film.is_new for film in self.films)

    @property
    def changed(self) -> int:
        return len(self.films) - self.new


def movies_import(dataset: Dataset, *, dry_run: bool) -> ImportReport:
    """Create and change films by a sheet that `sheet_read` has read: all of it or nothing.

    A dry run writes nothing.
    """
    resource = MovieResource()
    report = ImportReport()
    step = CHECKED_AT_ONCE if dry_run else max(len(dataset), 1)
    for start in range(0, len(dataset), step):
        rows = Dataset(*dataset[start : start + step], headers=dataset.headers)
        result = resource.import_data(
            rows, dry_run=dry_run, use_transactions=True, rollback_on_validation_errors=True
        )
        if result.base_errors:  # the preparation failed, and no row was read
            raise result.base_errors[0].error
        for number, row in zip(rows[ROW], result.rows, strict=True):
            report.add(number, row)
    return report
