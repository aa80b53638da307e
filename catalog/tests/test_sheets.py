"""Sheets of films: dry run, import and export."""

import csv
import io
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from accounts.models import AuditLog
from catalog.models import Credit, FormerSlug, Movie, Person
from catalog.services.episodes import episode_assign
from catalog.services.film_edits import movie_update
from catalog.services.people import person_create
from catalog.services.series import season_create, series_create
from catalog.sheets import resource
from catalog.sheets.writer import csv_lines, xlsx_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Return a function that imports a file and returns its output or error."""

    def run(data: bytes | str, *options: str) -> str:
        path, out, err = tmp_path / "films.csv", io.StringIO(), io.StringIO()
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        try:
            call_command("import_movies", str(path), *options, stdout=out, stderr=err)
        except CommandError as exc:
            return f"{err.getvalue()}{exc}"
        return out.getvalue().strip()

    return run


def sheet(*rows: dict[str, str], mark: str = ",") -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=mark)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def workbook(*rows: list[Any]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


HILLS = {
    "title": "Seven Hills", "director": "Nalwanga Sarah", "cast": "Aisha | Joel",
    "vjs": "VJ Junior", "genres": "Drama | Thriller", "year": "2024", "access_level": "basic",
    "age_rating": "13", "language": "Luganda", "category": "drama", "allowed_countries": "ug|KE",
    "licence_ends_at": "2031-01-01",
}  # fmt: skip


def test_a_dry_run_reports_and_writes_nothing(run: Any, category_factory: Any) -> None:
    category_factory(slug="drama")
    output = run(sheet(HILLS), "--dry-run")
    assert output == "1 films would be created, 0 would be changed, 0 unchanged."
    assert not Movie.objects.exists()
    assert not Person.objects.exists()
    assert not AuditLog.objects.exists()


def test_films_are_created_with_people_slugs_and_an_audit_entry(
    run: Any, category_factory: Any
) -> None:
    category = category_factory(slug="drama")
    assert run(sheet(HILLS)) == "1 films created, 0 changed, 0 unchanged."
    movie = Movie.objects.get()
    assert (movie.slug, movie.director, movie.category) == (
        "seven-hills",
        "Nalwanga Sarah",
        category,
    )
    assert (movie.cast, movie.vjs) == (["Aisha", "Joel"], ["VJ Junior"])
    assert (movie.access_level, movie.allowed_countries) == ("BASIC", ["UG", "KE"])
    assert movie.licence_ends_at == datetime(2031, 1, 1, tzinfo=timezone.get_current_timezone())
    assert not movie.published
    assert Credit.objects.count() == 4
    assert AuditLog.objects.get().action == "movie.create"
    again = run(sheet(HILLS))
    assert "give its slug, seven-hills, to change it" in again
    same = run(sheet(HILLS | {"slug": "seven-hills"}))
    assert same == "0 films created, 0 changed, 1 unchanged."


def test_rows_change_films_by_slug_or_id_and_keep_missing_columns(
    run: Any, movie_factory: Any
) -> None:
    one = movie_factory(slug="one", title="One", description="Old", year=2020)
    two = movie_factory(slug="two", title="Two", year=2021)
    output = run(sheet(
        {"slug": "one", "title": "First", "year": "", "id": ""},
        {"slug": "", "title": "Two", "year": "2022", "id": str(two.pk)},
    ))  # fmt: skip
    assert output == "0 films created, 2 changed, 0 unchanged."
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.title, one.slug, one.year, one.description) == ("First", "first", None, "Old")
    assert FormerSlug.objects.get().slug == "one"
    assert two.year == 2022


def test_every_wrong_row_is_named_and_nothing_is_imported(run: Any, movie_factory: Any) -> None:
    movie_factory(slug="taken", title="Taken")
    season = season_create(series_create(title="Nights"))
    episode_assign(movie_factory(title="Pilot"), season=season, number=1)
    person_create(name="Okello")
    person_create(name="okello")
    entries = AuditLog.objects.count()
    before = list(Movie.objects.order_by("pk").values())
    blank = dict.fromkeys(
        ("id", "slug", "year", "access_level", "category", "series", "season", "episode", "cast",
         "publish_at", "licence_starts_at", "licence_ends_at", "allowed_countries", "kind"), "",
    )  # fmt: skip
    rows: list[tuple[dict[str, str], str]] = [
        ({"title": "Good"}, ""),
        ({"title": "", "year": "2020"}, "title: A new film needs a title."),
        ({"title": "x" * 201}, "title: Ensure this value has at most 200 characters"),
        ({"title": "A", "year": "MMXX"}, "year: “MMXX” is not a whole number."),
        ({"title": "B", "year": "1066"}, "year: Ensure this value is greater than"),
        ({"title": "C", "access_level": "GOLD"}, "access_level: “GOLD” is not one of FREE, BASIC"),
        ({"title": "D", "category": "none"}, "category: No category is called “none”."),
        ({"title": "E", "series": "nights", "season": "1", "episode": "1"},
         "episode: Episode 1 is “Pilot” already."),
        ({"title": "F", "series": "nights", "season": "9", "episode": "1"},
         "season: No series nights has this season."),
        ({"title": "G", "series": "nights", "season": "1"}, "episode: An episode needs its"),
        ({"title": "H", "cast": "Okello"}, "cast: Several people are called Okello. Write @okello"),
        ({"title": "I", "cast": "@nobody"}, "cast: No person has the address nobody."),
        ({"title": "J", "publish_at": "2001-01-01 10:00"}, "publish_at: This time has passed."),
        ({"title": "K", "publish_at": "2001-13-01"}, "publish_at: “2001-13-01” is not a date."),
        ({"title": "L", "licence_starts_at": "2030-01-01", "licence_ends_at": "2029-01-01"},
         "licence_ends_at: The licence must end after it starts."),
        ({"title": "M", "allowed_countries": "Uganda"}, "allowed_countries: “UGANDA” is not"),
        ({"title": "N", "id": "8"}, "id: No film has this id."),
        ({"title": "Good"}, "title: Row 2 is about the same film."),
        ({"title": "O", "slug": "taken"}, ""),
        ({"title": "P", "slug": "taken"}, "title: Row 20 is about the same film."),
        ({"title": "Q", "slug": "No Slug"}, "slug: Use small letters, digits and hyphens only"),
        ({"title": "R", "kind": "EPISODE"}, "season: An episode belongs to a season"),
    ]  # fmt: skip
    for options in (("--dry-run",), ()):
        output = run(sheet(*(blank | row for row, _ in rows)), *options)
        for number, (_, fault) in enumerate(rows, start=2):
            lines = [line for line in output.splitlines() if line.startswith(f"Row {number}, ")]
            assert len(lines) == bool(fault), (number, lines)
            assert fault in "".join(lines)
        assert "Nothing was imported." in output
    assert list(Movie.objects.order_by("pk").values()) == before
    assert AuditLog.objects.count() == entries


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_rows_that_conflict_with_each_other_undo_all(run: Any, options: tuple[str, ...]) -> None:
    season_create(series_create(title="Nights"))
    position = {"series": "nights", "season": "1", "episode": "1"}
    output = run(sheet({"title": "First", **position}, {"title": "Second", **position}), *options)
    assert "Row 3, episode: Episode 1 is “First” already." in output
    assert not Movie.objects.exists()


def test_an_error_that_is_not_the_sheets_fault_is_raised(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(resource, "movie_add", broken)
    with pytest.raises(OperationalError):
        run("title\nSeven Hills\n")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        ("title\nK\u00f6nig".encode("latin-1"), "Save it as “CSV UTF-8”"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"name\nx", "No column is called “name”."),
        (b"title,title\na,b", "appears twice"),
        (b"year\n2020", "A column “title” is needed"),
        (b"title,year\na,1,2", "Row 2 has more cells than the heading."),
        (b'title\n"open', "never closed"),
        (b"PK\x03\x04 not a workbook", "This is not an XLSX file."),
        (b"title\n" + b"x" * 13_000, "longer than 12,000"),
        (b"title\n" + b"x\n" * 20_001, "At most 20,000 rows"),
        (b"x" * (10 * 1024**2 + 1), "At most 10 MiB."),
        (b"\x89PNG\r\n\x1a\n", "Save it as “CSV UTF-8”"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_unreadable_files_get_an_instruction(run: Any, data: bytes, fault: str) -> None:
    assert fault in run(data)
    assert not Movie.objects.exists()


def test_a_workbook_that_unpacks_without_end(run: Any) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (101 * 1024**2))
    assert "too large unpacked" in run(out.getvalue())


def test_files_of_spreadsheet_programs_are_read(run: Any) -> None:
    excel = "\ufeff" + sheet({"title": "Nile; Sun", "year": "2020"}, mark=";")
    assert "1 films created" in run(excel)
    assert "1 films created" in run("title\tyear\nTabs\t2021\n".encode("utf-16"))
    tomorrow = (timezone.now() + timedelta(days=1)).replace(tzinfo=None, microsecond=0)
    book = workbook(["Title", "Year", "publish_at"], [], ["Book", 2022.0, tomorrow])
    assert "1 films created" in run(book)
    years = dict(Movie.objects.values_list("title", "year"))
    assert years == {"Nile; Sun": 2020, "Tabs": 2021, "Book": 2022}
    assert Movie.objects.get(title="Book").publish_at is not None


def test_an_export_is_imported_unchanged(
    run: Any, movie_factory: Any, category_factory: Any
) -> None:
    season = season_create(series_create(title="Nights"))
    for number in range(3):
        movie = movie_factory(
            title=f"=cmd|{number}", category=category_factory(), licence_ends_at=timezone.now()
        )
        movie_update(movie, changes={"cast": ["Aisha", "Joel"], "director": "A, B"})
        episode_assign(movie, season=season)
    exported = "".join(csv_lines(Movie.objects.all()))
    assert "'=cmd|0" in exported
    assert not any(
        cell.startswith("=") for row in csv.reader(io.StringIO(exported)) for cell in row
    )
    with xlsx_file(Movie.objects.all()) as file:
        book = load_workbook(file)
        assert book.worksheets[0].max_row == 4
    assert run(exported) == "0 films created, 0 changed, 3 unchanged."


def test_lookups_of_a_sheet_do_not_grow_with_its_unchanged_rows(
    run: Any, movie_factory: Any, django_assert_num_queries: Any
) -> None:
    for rows in (2, 18):
        slugs = [film.slug for film in movie_factory.create_batch(rows, title="Film")]
        data = sheet(*({"slug": slug, "title": "Film"} for slug in slugs))
        # Seven savepoints around the import; categories, slugs and titles. A row takes a
        # savepoint, its release, and the film.
        with django_assert_num_queries(10 + 3 * rows):
            run(data, "--dry-run")


# ── Files that are made to cost much ────────────────────────────────────────────────────


def altered(data: bytes, part: str, change: Any) -> bytes:
    """Return the workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if name == part else text)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_distant_row_number_generates_no_rows(run: Any) -> None:
    data = workbook(["title"], ["Seven Hills"], ["Far away"])
    far = altered(data, SHEET, lambda text: text.replace(b'r="3"', b'r="2000000000"'))
    assert "1 films created" in run(far)


def test_a_workbook_of_too_many_cells_is_refused_unparsed(run: Any, monkeypatch: Any) -> None:

    monkeypatch.setattr("openpyxl.load_workbook", None)  # it is not even opened
    many = b"<sst>" + b"<si><t/></si>" * 1_000_001 + b"</sst>"
    data = altered(workbook(["title"], ["A"]), "xl/styles.xml", lambda _text: many)
    assert "too many cells" in run(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + text[55:],
        lambda text: text[: len(text) // 2],
        lambda _text: b"",
        lambda _text: b"not xml",
    ],
)
def test_a_broken_part_is_reported(run: Any, change: Any) -> None:
    output = run(altered(workbook(["title"], ["Seven Hills"]), SHEET, change))
    assert "cannot be read" in output or "not an XLSX file" in output or "file is empty" in output


def test_blank_rows_count_too(run: Any) -> None:
    assert "At most 20,000 rows" in run("title\nSeven Hills\n" + "\n" * 50_000)
    assert "1 films created" in run("title\nSeven Hills\n" + "\n" * 500)


def test_a_formula_without_result_is_reported_by_cell(run: Any) -> None:
    output = run(workbook(["title", "year"], ["Seven Hills", 2024], ["Other", "=2000+24"]))
    assert "Cell B3 holds a formula without its result" in output
    assert not Movie.objects.exists()


@pytest.mark.parametrize("hint", ["sep=;\n", "sep=;\r\n", '"sep=;"\r\n', "SEP=;\n"])
def test_excels_hidden_first_line_is_no_heading(run: Any, hint: str) -> None:
    assert "1 films created" in run(f"{hint}title;year\nSeven, Hills;2024\n")
    assert Movie.objects.get().title == "Seven, Hills"
