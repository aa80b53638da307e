"""Films out into a sheet, a few at a time: memory does not grow with the catalogue."""

import csv
import io
import tempfile
from collections.abc import Iterator
from typing import IO

from django.db.models import QuerySet
from openpyxl import Workbook

from catalog.models import Movie
from catalog.sheets.resource import COLUMNS, MovieResource

BATCH = 500
# Excel takes a CSV for its own old letters without this.
BOM = "\ufeff"
ILLEGAL = {code: None for code in range(32) if code not in {9, 10, 13}}


def _cells(movies: QuerySet[Movie]) -> Iterator[list[str]]:
    resource = MovieResource()
    rows = movies.select_related("category", "season__series").order_by("title", "pk")
    for movie in rows.iterator(chunk_size=BATCH):
        yield resource.cells(movie)


def csv_lines(movies: QuerySet[Movie]) -> Iterator[str]:
    """The file in pieces, for an answer that streams."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write(BOM)
    writer.writerow(COLUMNS)
    for row in _cells(movies):
        writer.writerow(row)
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def xlsx_file(movies: QuerySet[Movie]) -> IO[bytes]:
    """A workbook, written to disk row by row; the caller closes it, which deletes it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Films")
    sheet.append(list(COLUMNS))
    for row in _cells(movies):
        sheet.append([cell.translate(ILLEGAL) for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer streams it
    book.save(file)
    file.seek(0)
    return file
