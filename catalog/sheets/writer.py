"""Export of films to CSV and XLSX, in batches: memory does not grow with the catalogue."""

import csv
import io
import tempfile
from collections.abc import Iterator
from typing import IO

from django.db.models import QuerySet

from catalog.models import Movie
from catalog.sheets.resource import COLUMNS, MovieResource

BATCH = 500
# Without this mark Excel reads a CSV in a legacy encoding.
BOM = "\ufeff"
ILLEGAL = {code: None for code in range(32) if code not in {9, 10, 13}}


def _cells(movies: QuerySet[Movie]) -> Iterator[list[str]]:
    resource = MovieResource()
    rows = movies.select_related("category", "season__series").order_by("title", "pk")
    for movie in rows.iterator(chunk_size=BATCH):
        yield resource.cells(movie)


def csv_lines(movies: QuerySet[Movie]) -> Iterator[str]:
    """Yield the CSV file in pieces, for a streaming response."""
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
    """Return a workbook that is written to disk row by row; closing it deletes it."""
    # A heavy import, which web processes do without until then.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Films")
    sheet.append(list(COLUMNS))
    for row in _cells(movies):
        sheet.append([cell.translate(ILLEGAL) for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115  The response streams and closes it.
    book.save(file)
    file.seek(0)
    return file
