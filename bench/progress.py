"""Cost of saving and listing a viewer's progress: CPU seconds of web, database and cache.

    python bench/progress.py [--requests 4000] [--rounds 1]

It starts a private stack with 10,000 films, a fifth of them episodes, 1,000 viewers, 1,000,000 rows
of history and 100,000 favourites; 250 viewers send requests in turn. Every list is a first page of
20 cards. A heartbeat is sent with and without a session. The table also has the cheapest answer of
Django, and the cheapest one for a signed-in viewer: the difference to them is the endpoint's own
cost. The targets are for the machine on which a bare view costs 0.13 s.
"""

from __future__ import annotations

import argparse
import json
import os
from datetime import UTC, datetime
from typing import Any

from crowd import Request, Row, table
from serving import serving

VIEWERS = 1000
ACTIVE = 250  # viewers that send requests; each has a session in the cache and a rate limit
SCENE = """
import json
from accounts.models import SessionKind, User
from accounts.services.sessions import Device, session_issue_tokens, session_start
from catalog.models import Category, Favorite, Movie, Season, Series
from django.db import connection
from django.utils import timezone
from streaming.models import AssetStatus, Encode, Package, PlaybackSession, VideoAsset
now = timezone.now()
shelf = Category.objects.create(name="Drama", slug="drama")
series = Series.objects.bulk_create(
    Series(title=f"Series {n}", slug=f"series-{n}") for n in range(100))
seasons = Season.objects.bulk_create(
    Season(series=one, number=number) for one in series for number in (1, 2))
place = lambda n: {} if n < 8000 else {  # a fifth are episodes
    "kind": "EPISODE", "season": seasons[n %% 200], "episode_number": 1 + (n - 8000) // 200}
Movie.objects.bulk_create([
    Movie(title=f"Film {n}", slug=f"film-{n}", description="A fare across the sleeping city. " * 4,
          plot="Long. " * 400, duration=6000, year=2024, published=True, playable=True,
          published_at=now, category=shelf, genres=["Crime", "Romance"], cast=["A", "B", "C"],
          **place(n))
    for n in range(10_000)], batch_size=1000)
for film in Movie.objects.filter(slug__in=[f"film-{n}" for n in range(200)]):
    asset = VideoAsset.objects.create(movie=film, filename="a.mp4", source_key=f"source/{film.pk}",
                                      source_size=1, duration_seconds=6000)
    encode = Encode.objects.create(asset=asset)
    package = Package.objects.create(encode=encode, asset=asset, number=1, stage="EARLY")
    asset.status, asset.is_current, asset.live_package = AssetStatus.READY, True, package
    asset.save()
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
plays = []
for number, person in enumerate(people[:%d]):
    asset = VideoAsset.objects.get(movie__slug=f"film-{number %% 200}")
    plays.append(str(PlaybackSession.objects.create(
        user=person, sign_in=person.sessions.get(), asset=asset, package=asset.live_package,
        counted_at=now).pk))
print("TOKENS" + json.dumps([tokens, plays]))
"""
PLANS = """
from accounts.models import User
from catalog.models import WatchHistory
from catalog.selectors.continue_watching import LAST_FILMS
from catalog.selectors.history import HISTORY_LATEST, history_of
from catalog.selectors.lists import LATEST, favorites_of
me = User.objects.get(email="v7@kush.test").pk
latest = WatchHistory.objects.filter(user_id=me).order_by(*HISTORY_LATEST)
for name, rows in (("history", history_of(me).order_by(*HISTORY_LATEST)[:21]),
                   ("unfinished", latest.values_list("movie_id", "progress")[:LAST_FILMS]),
                   ("favorites", favorites_of(me).order_by(*LATEST)[:21])):
    print("PLAN", name)
    print(rows.explain(analyze=True))
"""


def rows(tokens: list[str], plays: list[str]) -> list[Row]:
    api = "/api/v1"

    def row(name: str, path: str, most: float | None, **options: Any) -> Row:
        def request(number: int) -> Request:
            token = tokens[number % len(tokens)]
            return Request(path.format(film=number % 200), token=token, **options)

        return Row(name, request, most)

    def heartbeat(number: int) -> Request:
        viewer = number % len(tokens)
        body = {
            "progress": 1234,
            "sessionId": plays[viewer],
            "sequence": number,
            "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }
        path = f"{api}/movies/film-{viewer % 200}/watch"
        return Request(path, token=tokens[viewer], method="POST", body=body)

    return [
        row("auth/me: a signed-in request", f"{api}/auth/me", 0.1),
        row("users/history", f"{api}/users/history", 0.2),
        row("users/history?unfinished=true", f"{api}/users/history?unfinished=true", 0.6),
        row("users/favorites", f"{api}/users/favorites", 0.6),
        row("movies/:id/watch", f"{api}/movies/film-{{film}}/watch", 0.2, method="POST",
            body={"progress": 1234}),
        Row("movies/:id/watch, of a session", heartbeat, 0.12),
        row("movies/:id/stream", f"{api}/movies/film-{{film}}/stream", 0.39),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=1, help="the median is printed")
    options = parser.parse_args()
    with serving() as server:
        scene = server.shell(SCENE % (VIEWERS, ACTIVE))
        tokens, plays = json.loads(scene.partition("TOKENS")[2])
        print(server.shell(PLANS), flush=True)
        print(f"load {os.getloadavg()[0]:.1f}", flush=True)
        table(
            server, rows(tokens[:ACTIVE], plays), requests=options.requests, rounds=options.rounds
        )


if __name__ == "__main__":
    main()
