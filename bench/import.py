"""Cost of an import of films: seconds, memory and statements of each step.

    python bench/import.py [--films 10000]

It starts a private stack. The files are imported as in the admin area: uploaded, then checked and
applied by jobs, each step in its own process, so that its peak of memory can be measured. There are
new films as CSV and as XLSX (with director, cast, VJs and category), the CSV again unchanged, and
again with every year changed. `--explain` lists the statements.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from catalogue_seed import Vocabulary
from openpyxl import Workbook
from serving import Server, serving

HEADING = ["title", "slug", "year", "description", "director", "cast", "vjs", "genres", "language",
           "category", "access_level", "age_rating"]  # fmt: skip
SHELVES = ["Drama", "Comedy", "Action", "Family"]
SCENE = f"""
from catalog.services.categories import category_create
for name in {SHELVES}:
    category_create(name=name)
"""
STEP = """
import json, resource, sys, time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from django.db import connection
from catalog.models import MovieImport
from catalog.services.imports import import_apply, import_begin
from kushfilms.core.jobs import job_run_next
from kushfilms.core.models import JobLane
step, path = {step!r}, {path!r}
statements = Counter()
def count(execute, sql, params, many, context):
    statements[sql[:90]] += 1
    return execute(sql, params, many, context)
connection.ensure_connection()
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began, cpu = time.monotonic(), time.process_time()
with connection.execute_wrapper(count):
    if step == "sent":
        import_begin(filename=path, data=Path(path).read_bytes())
    elif step == "checked":
        assert job_run_next(JobLane.LONG)
    else:
        import_apply(MovieImport.objects.latest("created_at"))
        assert job_run_next(JobLane.LONG)
row = MovieImport.objects.latest("created_at")
print("STEP" + json.dumps({{
    "wall": time.monotonic() - began, "cpu": time.process_time() - cpu,
    "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "idle": idle / 1024,
    "queries": sum(statements.values()), "most": statements.most_common(25), "state": row.state,
    "report": row.report,
}}))
"""


def rows_of(films: int, *, prefix: str, year: int = 2001) -> list[list[str]]:
    words = Vocabulary(films=films, people=max(100, films // 2))
    people = words.people
    return [
        [
            title, f"{prefix}-{number}", str(year + number % 20), "A fare across the city. " * 4,
            people[number % len(people)],
            " | ".join(people[(number * 7 + n) % len(people)] for n in range(4)),
            f"VJ {people[number % 40]}", "Crime | Romance", "Luganda",
            SHELVES[number % len(SHELVES)].lower(), "FREE", "PG",
        ]
        for number, title in enumerate(words.titles)
    ]  # fmt: skip


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADING, *rows])
    return out.getvalue().encode()


def as_xlsx(rows: list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [HEADING, *rows]:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def run(server: Server, what: str, data: bytes, *, films: int, explain: bool) -> None:
    with tempfile.NamedTemporaryFile(suffix=f".{what[:4].strip()}") as file:
        Path(file.name).write_bytes(data)
        for step in ("sent", "checked", "applied"):
            before = server.cpu()["postgres"]
            out = server.shell(STEP.format(step=step, path=file.name))
            database = server.cpu()["postgres"] - before
            show(f"{what}, {step}", json.loads(out.partition("STEP")[2]), films, database)
            if explain:
                for sql, times in json.loads(out.partition("STEP")[2])["most"]:
                    print(f"    {times:7} {sql}")


def show(what: str, found: dict[str, Any], films: int, database: float) -> None:
    report = {name: found["report"].get(name) for name in ("new", "changed", "same", "count")}
    print(
        f"{what:28} {found['wall']:6.1f} s, CPU {found['cpu']:6.1f} + database {database:5.1f} s,"
        f" {found['mib']:5.0f} MiB ({found['idle']:.0f} idle), {found['queries']:7} statements"
        f" ({found['queries'] / films:.2f} a row) {found['state']} {report}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--explain", action="store_true", help="list the most frequent statements")
    options = parser.parse_args()
    with serving() as server:
        server.shell(SCENE)
        print(f"{options.films} films, load {os.getloadavg()[0]:.1f}", flush=True)
        new = rows_of(options.films, prefix="a")
        for what, data in {
            "csv new": as_csv(new),
            "csv the same": as_csv(new),
            "csv changed": as_csv(rows_of(options.films, prefix="a", year=2002)),
            "xlsx new": as_xlsx(rows_of(options.films, prefix="b")),
        }.items():
            run(server, what, data, films=options.films, explain=options.explain)


if __name__ == "__main__":
    main()
