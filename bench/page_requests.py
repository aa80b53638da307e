"""Cost of requests for pages: CPU seconds of web, database and cache, through the real server.

    python bench/page_requests.py [--films 10000] [--requests 2000] [--rounds 1]

It starts a private stack with generated films, related films, and viewers with a history. Visitors
carry the cookies of a browser that was here before; each viewer has a session of the site.
"""

from __future__ import annotations

import argparse
import json
import time

import psycopg
from catalogue_seed import Vocabulary, seed
from crowd import Request, Row, table
from serving import serving

VIEWERS = 200
HOT = 40
# What the films of `catalogue_seed` lack: pictures in several widths, related films, and viewers'
# history.
PICTURES = """
UPDATE catalog_movie SET poster_key = 'public/p/' || id || '-x160x240x400.webp',
    backdrop_key = 'public/b/' || id || '-x640x1280.webp'"""
RELATED = """
WITH film AS (SELECT id, row_number() OVER (ORDER BY published_at) AS place FROM catalog_movie)
INSERT INTO catalog_relatedmovie (movie_id, other_id, rank, score)
SELECT one.id, other.id, step, 1.0 / step FROM film AS one
CROSS JOIN generate_series(1, 20) AS step
JOIN film AS other ON other.place = 1 + (one.place + 7 * step) % (SELECT count(*) FROM film)"""
HISTORY = """
INSERT INTO catalog_watchhistory (id, user_id, movie_id, progress, completed, watched_at)
SELECT gen_random_uuid(), viewer.id, film.id, 1500, film.place % 3 > 0,
       now() - interval '1 minute' * ((film.place * 7919) % 100000)
FROM (SELECT id, row_number() OVER () AS number FROM accounts_user) AS viewer,
     (SELECT id, row_number() OVER (ORDER BY md5(id::text)) AS place FROM catalog_movie) AS film
WHERE (film.place + viewer.number) % 50 = 0 AND film.place <= 5000"""
SESSIONS = """
import json
from accounts.auth.middleware import SESSION_KEY
from accounts.models import SessionKind, User
from accounts.services.sessions import Device, session_start
from django.contrib.sessions.backends.signed_cookies import SessionStore
cookies = []
for person in User.objects.all():
    store = SessionStore()
    store[SESSION_KEY] = str(session_start(person, kind=SessionKind.WEB, device=Device(ip="")).pk)
    store.save()
    cookies.append(store.session_key)
print("COOKIES" + json.dumps(cookies))
"""
PEOPLE = """
from accounts.models import User
User.objects.bulk_create([
    User(email=f"v{n}@kush.test", name=f"V {n}", password="!") for n in range(%d)])
"""


def rows(words: Vocabulary, sessions: list[str]) -> list[Row]:
    def row(name: str, path: str, *, signed_in: bool = False, films: int = 1) -> Row:
        def request(number: int) -> Request:
            slug = words.slug(number % films)
            visitor = f"client=c{number}; theme={('dark', 'light')[number % 2]}"
            viewer = f"{visitor}; sessionid={sessions[number % len(sessions)]}"
            return Request(path.format(film=slug), cookie=viewer if signed_in else visitor)

        return Row(name, request, share=1.0)

    film = "/movies/{film}"
    return [
        row("home, visitor", "/"),
        row("home, signed in", "/", signed_in=True),
        row(f"film, visitor, of {HOT}", film, films=HOT),
        row("film, visitor, of all", film, films=words.films),
        row(f"film, signed in, of {HOT}", film, signed_in=True, films=HOT),
        row("film, signed in, of all", film, signed_in=True, films=words.films),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=1, help="the median is printed")
    options = parser.parse_args()
    with serving() as server:
        words = Vocabulary(films=options.films, people=options.films // 2)
        seed(server.environ["DATABASE_URL"], words)
        server.shell(PEOPLE % VIEWERS)
        with psycopg.connect(server.environ["DATABASE_URL"], autocommit=True) as database:
            for statement in (PICTURES, RELATED, HISTORY, "VACUUM ANALYZE"):
                database.execute(statement)
        sessions = json.loads(server.shell(SESSIONS).partition("COOKIES")[2])
        time.sleep(3)  # until the notifications of the seeding have arrived
        measured = rows(words, sessions)
        table(server, measured, requests=options.requests, rounds=options.rounds)


if __name__ == "__main__":
    main()
