"""`manage.py import_movies FILE`: import a CSV or XLSX sheet of films, all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.sheets.reader import MOST_BYTES, sheet_read
from catalog.sheets.resource import movies_import
from kushfilms.core.errors import KushError

SHOWN = 100


class Command(BaseCommand):
    help = "Create and change films from a sheet. Rows are matched by id, else by slug."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only show what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"The file {path} does not exist.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        try:
            report = movies_import(sheet_read(data), dry_run=options["dry_run"])
        except KushError as exc:
            raise CommandError(exc.message) from exc
        for fault in report.faults[:SHOWN]:
            self.stderr.write(str(fault))
        if report.faults:
            count = len({fault.row for fault in report.faults})
            raise CommandError(
                f"{count} rows with errors, {len(report.faults)} errors. Nothing was imported."
            )
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"{report.new} films {would}created, {report.changed} {would}changed, "
            f"{report.same} unchanged."
        )
