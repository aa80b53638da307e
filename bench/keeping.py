"""What it costs to keep a viewer's place and to show it: CPU seconds of web, database and cache.

    python bench/keeping.py [--requests 4000] [--connections 4]

A stack of its own with 10 000 films, 1 000 viewers, 1 000 000 rows of history and 100 000
favourites. Requests come over loopback from so many keep-alive connections, whose own cost does
not count, for 200 viewers in turn. Every list is a first page of 20 cards; a heartbeat is one
without a playback session. Beside them stand the same server's cheapest answer, and the cheapest
one that knows who asks: what is above those is the endpoint's own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import local

import requests
from sign_in import Cost, Server, serving, show

from kushfilms.embedded.paths import CHECKOUT

VIEWERS = 1000
ASKING = 200  # of them: each has been seen lately, and has a rate limit of their own
SCENE = """
import json
from accounts.models import SessionKind, User
from accounts.services.sessions import Device, session_issue_tokens, session_start
from catalog.models import Category, Favorite, Movie
from django.db import connection
from django.utils import timezone
now = timezone.now()
shelf = Category.objects.create(name="Drama", slug="drama")
Movie.objects.bulk_create([
    Movie(title=f"Film {n}", slug=f"film-{n}", description="A fare across the sleeping city. " * 4,
          plot="Long. " * 400, duration=6000, year=2024, published=True, playable=True,
          published_at=now, category=shelf, genres=["Crime", "Romance"], cast=["A", "B", "C"])
    for n in range(10_000)], batch_size=1000)
people = User.objects.bulk_create([
    User(email=f"v{n}@kush.test", name=f"V {n}", password="!") for n in range(%d)])
with connection.cursor() as cursor:
    cursor.execute("SET statement_timeout = 0")
    cursor.execute('''
        INSERT INTO catalog_watchhistory (id, user_id, movie_id, progress, completed, watched_at)
        SELECT gen_random_uuid(), u.id, m.id, 3000, m.place %% 2 = 0,
               now() - interval '1 minute' * ((m.place * 7919) %% 100000)
        FROM accounts_user AS u,
             (SELECT id, row_number() OVER (ORDER BY md5(id::text)) AS place
              FROM catalog_movie) AS m
        WHERE u.email LIKE 'v%%' AND m.place <= 1000''')
    cursor.execute('''
        INSERT INTO catalog_favorite (id, user_id, movie_id, created_at)
        SELECT gen_random_uuid(), user_id, movie_id, watched_at FROM (
            SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY movie_id) AS place
            FROM catalog_watchhistory) AS seen WHERE place <= 100''')
    cursor.execute("ANALYZE")
tokens = []
for person in people:
    session = session_start(person, kind=SessionKind.API, device=Device(ip="10.0.0.1"))
    tokens.append(session_issue_tokens(session).access)
print("TOKENS" + json.dumps(tokens))
"""
PLANS = """
from accounts.models import User
from catalog.selectors.history import HISTORY_LATEST, history_going_on, history_of
from catalog.selectors.kept import LATEST, favorites_of
me = User.objects.get(email="v7@kush.test").pk
for name, rows in (("history", history_of(me).order_by(*HISTORY_LATEST)),
                   ("unfinished", history_going_on(me).order_by(*HISTORY_LATEST)),
                   ("favorites", favorites_of(me).order_by(*LATEST))):
    print("PLAN", name)
    print(rows[:21].explain(analyze=True))
"""


def run(script: str, environ: dict[str, str]) -> str:
    argv = [sys.executable, "manage.py", "shell", "-c", script]
    done = subprocess.run(
        argv, cwd=CHECKOUT, env=environ, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


class Viewers:
    """Clients that speak for everybody in turn, each thread over a connection of its own."""

    def __init__(self, base: str, tokens: list[str], connections: int) -> None:
        self.base, self.tokens, self.connections = base, tokens, connections
        self._mine = local()

    @property
    def _client(self) -> requests.Session:
        if not hasattr(self._mine, "client"):
            self._mine.client = requests.Session()
        client: requests.Session = self._mine.client
        return client

    def call(self, method: str, path: str, body: object = None) -> Callable[[int], float]:
        def once(number: int) -> float:
            token = self.tokens[number % len(self.tokens)]
            began = time.monotonic()
            answer = self._client.request(
                method, self.base + path.format(film=number % 1000), json=body, timeout=30,
                headers={"Authorization": f"Bearer {token}"},
            )  # fmt: skip
            assert answer.status_code == 200, answer.text
            return time.monotonic() - began

        return once

    def cost(
        self, server: Server, calls: int, once: Callable[[int], float]
    ) -> tuple[Cost, list[float]]:
        with ThreadPoolExecutor(self.connections) as pool:
            list(pool.map(once, range(len(self.tokens))))  # who asks is in the cache by now
            before, began = server.cpu(), time.monotonic()
            took = sorted(pool.map(once, range(calls)))
            wall, after = time.monotonic() - began, server.cpu()
        return Cost(calls, wall, {name: after[name] - before[name] for name in after}), took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--connections", type=int, default=4)
    given = parser.parse_args()
    with serving(0) as server:
        out = run(SCENE % VIEWERS, server.environ)
        tokens = json.loads(out.partition("TOKENS")[2])[:ASKING]
        print(run(PLANS, server.environ), flush=True)
        viewers = Viewers(server.base, tokens, given.connections)
        site = server.base.removesuffix("/api/v1")
        rows = {
            "healthz: Django and nothing else": Viewers(site, tokens, given.connections).call(
                "GET", "/healthz"
            ),
            "auth/me: a signed-in request": viewers.call("GET", "/auth/me"),
            "users/history": viewers.call("GET", "/users/history"),
            "users/history?unfinished=true": viewers.call("GET", "/users/history?unfinished=true"),
            "users/favorites": viewers.call("GET", "/users/favorites"),
            "movies/:id/watch": viewers.call(
                "POST", "/movies/film-{film}/watch", {"progress": 1234}
            ),
        }
        print(
            f"{given.connections} connections to {site}, load {os.getloadavg()[0]:.1f}", flush=True
        )
        for name, once in rows.items():
            cost, took = viewers.cost(server, given.requests, once)
            show(name, cost)
            p50, p95 = took[len(took) // 2], took[len(took) * 95 // 100]
            print(f"{'':38} p50 {1000 * p50:.1f} ms, p95 {1000 * p95:.1f} ms")


if __name__ == "__main__":
    main()
