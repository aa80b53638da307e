"""Cost of catalogue requests: CPU seconds of web, database and cache, and response times.

    python bench/catalogue.py [--films 10000] [--people 5000] [--requests 6000] [--rounds 1]
                              [--explain]

It starts a private stack, seeded with films whose words have the uneven frequencies of a language.
`--explain` prints the plan of every query behind the rows, run once without the memory layer.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import requests
from catalogue_seed import Vocabulary, seed
from crowd import Request, Row, table
from serving import Server, serving

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
        assert Client().get(url).status_code == 200
"""


API = "/api/v1"
PAGES_OF_A_CATEGORY = 50


def rows(server: Server, words: Vocabulary) -> list[Row]:
    """Return the rows of the table."""
    pages = category_pages(server)

    def row(name: str, path: Callable[[int], str], most: float, share: float = 1.0) -> Row:
        def request(number: int) -> Request:
            return Request(path(number))

        return Row(name, request, most, share)

    return [
        row("list", lambda _: f"{API}/movies", 0.05),
        row("list by category", lambda n: f"{API}/categories/shelf-{n % 8}/movies", 0.05),
        row("list by category, all pages", lambda n: pages[n * 7 % len(pages)], 0.1),
        row("detail, of 40 films", lambda n: f"{API}/movies/{words.slug(n % 40)}", 0.05),
        # So many requests that each process has read most details before, as on a busy site.
        row("detail, of all films", lambda n: f"{API}/movies/{words.slug(n * 7919 % words.films)}",
            0.07, share=10),
        row("trending", lambda _: f"{API}/movies/trending", 0.05),
        row("search, other words each", lambda n: f"{API}/movies/search?q={_q(words.typed(n))}",
            2.0, share=0.25),
        row("search, a typing error each", lambda n: f"{API}/movies/search?q={_q(words.slip(n))}",
            2.0, share=0.1),
        row("suggest", lambda n: f"{API}/movies/suggest?q={_q(words.begun(n))}", 2.0, share=0.25),
        row("list, rendered each time", lambda n: f"{API}/movies?limit=20&n={n}", 2.0, share=0.1),
    ]  # fmt: skip


def category_pages(server: Server) -> list[str]:
    """Return the first pages of every category's list."""
    pages = []
    for shelf in range(8):
        path = f"{API}/categories/shelf-{shelf}/movies"
        for _ in range(PAGES_OF_A_CATEGORY):
            pages.append(path)
            following = requests.get(server.site + path, timeout=10).json()["next"]
            if not following:
                break
            parts = urlsplit(following)
            path = f"{parts.path}?{parts.query}"
    return pages


def _q(text: str) -> str:
    return quote(text, safe="")


def explain(server: Server, measured: list[Row]) -> None:
    script = EXPLAIN.format(rows=[(row.name, row.request(7).path) for row in measured])
    print(server.shell(script), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--requests", type=int, default=6_000)
    parser.add_argument("--rounds", type=int, default=1, help="the median is printed")
    parser.add_argument("--explain", action="store_true")
    options = parser.parse_args()
    with serving() as server:
        words = Vocabulary(films=options.films, people=options.people)
        began = time.monotonic()
        seed(server.environ["DATABASE_URL"], words)
        print(f"{options.films} films, {options.people} people, seeded in "
              f"{time.monotonic() - began:.0f} s", flush=True)  # fmt: skip
        time.sleep(3)  # until the notifications of the seeding have arrived
        measured = rows(server, words)
        table(server, measured, requests=options.requests, rounds=options.rounds)
        if options.explain:
            explain(server, measured)


if __name__ == "__main__":
    main()
