"""Parsing of CSV and XLSX files from spreadsheets, within bounds of size and memory."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from tablib import Dataset

from catalog.sheets.resource import COLUMNS, ROW, unescape_formula
from kushfilms.core.errors import InvalidInput, TooLarge
from kushfilms.core.text import text_clean

MOST_BYTES = 10 * 1024**2
MOST_UNPACKED = 20 * 1024**2
# Tags of one part, opening and closing. 20,000 rows of 25 cells have two million.
MOST_TAGS = 3_000_000
BLOCK_BYTES = 256 * 1024
MOST_ROWS = 20_000
LONGEST_CELL = 12_000
ZIP = b"PK\x03\x04"
SEPARATOR = re.compile(r'"?sep=([,;\t|])"?[^\S\n]*\r?(?:\n|\Z)', re.IGNORECASE)
# Errors of the parsers at a broken workbook. `ParseError` of XML is a SyntaxError.
UNREADABLE = (
    ValueError,
    KeyError,
    TypeError,
    OSError,
    SyntaxError,
    IndexError,
    AttributeError,
    RecursionError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


def sheet_read(data: bytes) -> Dataset:
    """Return the rows of a CSV or XLSX file as text, with each row's number in the column `ROW`.

    Raises:
        TooLarge: too many bytes, packed or unpacked.
        InvalidInput: not such a file, or an unknown heading; the sentence explains what to do.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(f"At most {MOST_BYTES // 1024**2} MiB. Split the file.")
    lines = _xlsx(data) if data.startswith(ZIP) else _csv(data)
    try:
        return _dataset(lines)
    except csv.Error as exc:
        raise _no("This CSV is broken: a quotation mark is never closed.") from exc
    except UNREADABLE as exc:
        raise _no("This file cannot be read. Save it again as CSV (UTF-8) or XLSX.") from exc


def _no(fault: str) -> InvalidInput:
    return InvalidInput(fault, fields={"file": [fault]})


def _csv(data: bytes) -> Iterator[list[str]]:
    try:
        encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        text = data.decode(encoding)
    except UnicodeDecodeError as exc:
        fault = "The characters of this file cannot be read. Save it as “CSV UTF-8”, or as XLSX."
        raise _no(fault) from exc
    # Excel's own first line, which it hides: `sep=;`.
    if hint := SEPARATOR.match(text):
        return csv.reader(
            io.StringIO(text[hint.end() :], newline=""), delimiter=hint[1], strict=True
        )
    heading = text.partition("\n")[0]
    mark = max(",;\t", key=heading.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)


def _xlsx(data: bytes) -> Iterator[list[str]]:
    # A heavy import, which web processes do without.
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        has_formulas = _check_parts(data)
        values = _first_sheet(data, stored=True)
        formulas = _first_sheet(data, stored=False) if has_formulas else None
    except (*UNREADABLE, InvalidFileException) as exc:
        raise _no("This is not an XLSX file. Save it again as XLSX or CSV (UTF-8).") from exc
    for number, row in enumerate(values, start=1):
        written = next(formulas, ()) if formulas else ()
        for place, formula in enumerate(written):
            if row[place] is None and str(formula).startswith("="):
                cell = f"{get_column_letter(place + 1)}{number}"
                raise _no(
                    f"Cell {cell} holds a formula without its result. Open the file in a "
                    "spreadsheet program and save it, or send it as CSV."
                )
        # `str` writes dates and times in ISO 8601.
        yield ["" if cell is None else str(cell) for cell in row]


def _first_sheet(data: bytes, *, stored: bool) -> Iterator[tuple[Any, ...]]:
    """Yield rows of values; formulas as their stored results, or as written."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=stored)
    # A row may claim to be number two thousand million; the rows before it are not generated.
    most = {"max_row": MOST_ROWS + 2, "max_col": len(COLUMNS) + 5}
    rows: Iterator[tuple[Any, ...]] = book.worksheets[0].iter_rows(values_only=True, **most)
    return rows


def _check_parts(data: bytes) -> bool:
    """Count bytes and tags before anything is parsed; return whether there are formulas.

    Raises TooLarge.
    """
    has_formulas = False
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
            raise TooLarge("This workbook is too large unpacked. Split it, or send it as CSV.")
        for entry in packed.infolist():
            tags = 0
            with packed.open(entry) as part:
                while block := part.read(BLOCK_BYTES):
                    tags += block.count(b"<")
                    has_formulas = has_formulas or b"<f" in block
            if tags > MOST_TAGS:
                raise TooLarge("This workbook has too many cells. Split it, or send it as CSV.")
    return has_formulas


def _dataset(lines: Iterable[list[str]]) -> Dataset:
    """Build the dataset. Rows are numbered as in the spreadsheet: the heading is row 1."""
    dataset = Dataset()
    heading: list[str] | None = None
    for number, line in enumerate(lines, start=1):
        cells = [text_clean(cell.replace("\0", "")).strip() for cell in line]
        if number > MOST_ROWS + 1 and (any(cells) or number > 2 * MOST_ROWS):
            raise _no(f"At most {MOST_ROWS:,} rows at a time. Split the file.")
        if not any(cells):
            continue
        if heading is None:
            heading = _heading(cells)
            dataset.headers = [ROW, *heading]
            continue
        if any(cells[len(heading) :]):
            fault = f"Row {number} has more cells than the heading. "
            raise _no(f"{fault}Put text with commas in quotation marks.")
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise _no(f"A cell of row {number} is longer than {LONGEST_CELL:,} characters.")
        padded = cells + [""] * (len(heading) - len(cells))
        dataset.append([number, *map(unescape_formula, padded[: len(heading)])])
    if heading is None:
        raise _no(
            "The file is empty. Its first row must name the columns; export films for an example."
        )
    return dataset


def _heading(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    names = [cell.lower().replace(" ", "_") for cell in cells]
    if strange := [name for name in names if name not in COLUMNS]:
        columns = ", ".join(COLUMNS)
        raise _no(
            f"No column is called “{strange[0][:40] or '(empty)'}”. The columns are: {columns}."
        )
    if twice := [name for name in names if names.count(name) > 1]:
        raise _no(f"The column “{twice[0]}” appears twice.")
    if not {"id", "slug", "title"} & set(names):
        raise _no("A column “title” is needed, or “slug” or “id” for existing films.")
    return names
