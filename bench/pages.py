"""Size and cost of each page.

    python bench/pages.py [--films 10000] [--repeat 40]

It starts a private stack with generated films. Bytes are those of a first visit, compressed as for
a browser; a second page costs only its HTML. Server time is the CPU of this process for rendering,
the median of several requests; the queries are those of an earlier request.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dev.stack import frontend, test_stacks

if TYPE_CHECKING:
    from django.test import Client

PAGES = ("/", "/movies", "/movies?sort=title", "/search?q=kampala", "/categories/{category}",
         "/movies/{film}", "/series", "/series/{series}", "/people/{person}", "/subscribe",
         "/login", "/about")  # fmt: skip


@dataclass(frozen=True)
class Weight:
    url: str
    html: int
    own: int  # stylesheets and scripts
    images: int  # loaded before any scrolling
    queries: int
    milliseconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=40)
    options = parser.parse_args()
    frontend.build(report=print)
    with test_stacks.environ_for_tests(os.environ) as environ:
        os.environ.update(environ, ALLOWED_HOSTS="*")
        measure(films=options.films, repeat=options.repeat)


def measure(*, films: int, repeat: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "kushfilms.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    call_command("seed_demo", movies=films, people=films // 10, series=films // 100 or 1)
    print_table([weigh(Client(), url, repeat=repeat) for url in _addresses()])


def _addresses() -> list[str]:
    """Return the URLs, with the largest category and the person with the most films."""
    from django.db.models import Count

    from catalog.models import Category, Movie, Person, Series

    film = Movie.objects.filter(published=True, kind="FILM").order_by("-view_count").first()
    places = {
        "film": film.slug if film else "",
        "category": Category.objects.alias(n=Count("movies")).order_by("-n").first(),
        "series": Series.objects.first(),
        "person": Person.objects.alias(n=Count("credits")).order_by("-n").first(),
    }
    slugs = {name: getattr(thing, "slug", thing) for name, thing in places.items()}
    return [url.format(**slugs) for url in PAGES]


def weigh(client: Client, url: str, *, repeat: int) -> Weight:
    from django.db import connection

    from tests.browser.page_weight import first_load_bytes

    client.get(url)
    queries: list[str] = []

    def record(execute: Any, sql: str, *rest: Any) -> Any:
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(record):
        page = client.get(url, headers={"Accept-Encoding": "br"})
    assert page.status_code == 200, (url, page.status_code)
    html = client.get(url).content.decode()
    images = html.count("<img") - html.count('loading="lazy"')
    took = []
    for _ in range(repeat):
        began = time.process_time()
        client.get(url)
        took.append(time.process_time() - began)
    weight = len(page.content)
    own = first_load_bytes(client, url) - weight
    return Weight(url, weight, own, images, len(queries), 1000 * statistics.median(took))


def print_table(weights: list[Weight]) -> None:
    print("| page | HTML | CSS + JS | first visit | eager pictures | queries | CPU ms |")
    print("| --- |" + " --: |" * 6)
    for page in weights:
        kib = [f"{size / 1024:.1f} KiB" for size in (page.html, page.own, page.html + page.own)]
        figures = [*kib, str(page.images), str(page.queries), f"{page.milliseconds:.1f}"]
        print(f"| {page.url[:40]} | {' | '.join(figures)} |")


if __name__ == "__main__":
    main()
