"""What the catalogue costs: CPU seconds of web, database and cache, and how long answers take.

    python bench/catalogue.py [--films 10000] [--people 5000] [--requests 6000] [--explain]

A stack of its own, seeded with films whose words follow the same uneven spread as a language's.
Requests come over loopback on 64 keep-alive connections from a process whose own cost does not
count; on a small machine it competes for the processor all the same, which the times show.
`--explain` prints the plan of every query behind the rows, run once with the memory layer aside.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from catalogue_seed import Vocabulary, seed
from sign_in import Server, serving

from kushfilms.embedded.paths import CHECKOUT

CONNECTIONS = 64
# One anonymous client may ask a hundred times a minute: the bench is a crowd.
REQUESTS_OF_ONE_CLIENT = 50
EXPLAIN = """
from django.conf import settings
from django.db import connection
from django.test import Client
settings.ALLOWED_HOSTS = ["*"]
def explain(execute, sql, params, many, context):
    if sql.startswith("SELECT"):
        with connection.cursor() as cursor:
            cursor.cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) " + sql, params)
            plan = [row[0] for row in cursor.fetchall()]
        print("\\n".join(line for line in plan if "Filter:" not in line and "Cond:" not in line))
    return execute(sql, params, many, context)
for name, url in {rows!r}:
    print(f"\\n== {{name}}: {{url}}")
    with connection.execute_wrapper(explain):
        assert Client(headers={{"X-Device-Id": url}}).get(url).status_code == 200
"""


@dataclass(frozen=True)
class Row:
    """A line of the table. `url` of the n-th request; `requests` as a share of what was asked."""

    name: str
    url: Callable[[int], str]
    most_seconds: float  # of CPU, for 1 000
    share: float = 1.0


@dataclass(frozen=True)
class Told:
    cpu: dict[str, float]  # seconds for 1 000 requests, by part
    p50: float  # milliseconds
    p95: float


def rows(words: Vocabulary) -> list[Row]:
    """What is measured. More rows are more of these."""
    api = "/api/v1"
    return [
        Row("list", lambda _: f"{api}/movies", 0.05),
        Row("list by category", lambda n: f"{api}/categories/shelf-{n % 8}/movies", 0.05),
        Row("detail, of 40 films", lambda n: f"{api}/movies/{words.slug(n % 40)}", 0.05),
        Row("trending", lambda _: f"{api}/movies/trending", 0.05),
        Row("search, other words each", lambda n: f"{api}/movies/search?q={_q(words.typed(n))}",
            2.0, share=0.25),
        Row("search, a typing error each", lambda n: f"{api}/movies/search?q={_q(words.slip(n))}",
            2.0, share=0.1),
        Row("suggest", lambda n: f"{api}/movies/suggest?q={_q(words.begun(n))}", 2.0, share=0.25),
        Row("list, rendered each time", lambda n: f"{api}/movies?limit=20&n={n}", 2.0, share=0.1),
    ]  # fmt: skip


def _q(text: str) -> str:
    return quote(text, safe="")


# ── A crowd ─────────────────────────────────────────────────────────────────────────────


async def crowd(site: str, *, row: Row, requests: int, begin: int) -> list[float]:
    """Milliseconds of each request. Raises AssertionError for any answer but 200."""
    numbers = iter(range(begin, begin + requests))
    lists = await asyncio.gather(*(_one(site, row, numbers) for _ in range(CONNECTIONS)))
    return [took for times in lists for took in times]


async def _one(site: str, row: Row, numbers: object) -> list[float]:
    host = urlsplit(site)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    times = []
    for number in numbers:  # type: ignore[attr-defined]  # one iterator for all connections
        url = row.url(number)
        asked_at = time.perf_counter()
        writer.write(
            f"GET {url} HTTP/1.1\r\nHost: {host.netloc}\r\nAccept-Encoding: gzip, br\r\n"
            f"X-Device-Id: {row.name[:20]}-{number // REQUESTS_OF_ONE_CLIENT}\r\n\r\n".encode()
        )
        status, body = await _answer(reader)
        times.append(1000 * (time.perf_counter() - asked_at))
        assert status == 200, f"{url}: {status} {body[:200]!r}"
    writer.close()
    return times


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    return int(head.split(b" ", 2)[1]), await reader.readexactly(length)


def measure(server: Server, row: Row, *, requests: int) -> Told:
    site, count = server.base.removesuffix("/api/v1"), max(CONNECTIONS, int(requests * row.share))
    # The row's own answers come into memory before it counts, as they are on any busy day.
    asyncio.run(crowd(site, row=row, requests=1000 if row.share == 1 else 100, begin=0))
    before = server.cpu()
    times = asyncio.run(crowd(site, row=row, requests=count, begin=100_000))
    after = server.cpu()
    cut = statistics.quantiles(times, n=20)
    cpu = {part: 1000 * (after[part] - before[part]) / count for part in after}
    return Told(cpu, p50=cut[9], p95=cut[18])


def show(row: Row, told: Told) -> None:
    total = sum(told.cpu.values())
    parts = ", ".join(f"{part} {seconds:.3f}" for part, seconds in told.cpu.items())
    verdict = "" if total <= row.most_seconds else f"  OVER {row.most_seconds}"
    print(f"{row.name:28} {total:7.3f} CPU-s per 1 000 ({parts})  "
          f"p50 {told.p50:6.1f} ms  p95 {told.p95:6.1f} ms{verdict}", flush=True)  # fmt: skip


def explain(server: Server, measured: list[Row]) -> None:
    script = EXPLAIN.format(rows=[(row.name, row.url(7)) for row in measured])
    argv = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
    subprocess.run(argv, cwd=CHECKOUT, env={**os.environ, **server.environ}, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--requests", type=int, default=6_000)
    parser.add_argument("--explain", action="store_true")
    given = parser.parse_args()
    with serving(1) as server:
        words = Vocabulary(films=given.films, people=given.people)
        began = time.monotonic()
        seed(server.environ["DATABASE_URL"], words)
        print(f"{given.films} films, {given.people} people, seeded in "
              f"{time.monotonic() - began:.0f} s", flush=True)  # fmt: skip
        time.sleep(3)  # until the notifications of all that are heard
        for row in rows(words):
            show(row, measure(server, row, requests=given.requests))
        if given.explain:
            explain(server, rows(words))


if __name__ == "__main__":
    main()
