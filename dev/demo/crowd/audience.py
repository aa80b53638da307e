"""Generated viewers with tastes: two genres each.

Three of four films that they watch are of these genres, and they finish those more often, so that a
recommender can find the tastes.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate, islice
from random import Random
from uuid import UUID

from django.db import connection

from accounts.models import User
from catalog.models import WatchHistory
from dev.demo.crowd import names
from dev.demo.crowd.catalogue import GeneratedFilm, save_all, uuid_of

DOMAIN = "crowd.invalid"
ROWS_A_VIEWER = 100
IN_TASTE = 0.75
COPIED_AT_ONCE = 20_000  # keeps each statement below the timeout
UNUSABLE = "!"
Watched = tuple[UUID, UUID, UUID, int, bool, datetime]


def viewers_make(random: Random, *, history: int) -> list[UUID]:
    count = max(1, history // ROWS_A_VIEWER) if history else 0
    people = [
        User(
            id=uuid_of(random), email=f"viewer{number}@{DOMAIN}", name=names.person_of(random),
            password=UNUSABLE, email_verified=True,
        )
        for number in range(count)
    ]  # fmt: skip
    save_all(User, people)
    return [person.pk for person in people]


def history_copy(
    random: Random, *, viewers: list[UUID], films: list[GeneratedFilm], rows: int, now: datetime
) -> int:
    """Write the rows as a stream; return their number, which the number of films may limit."""
    table = connection.ops.quote_name(WatchHistory._meta.db_table)
    sql = f"COPY {table} (id, user_id, movie_id, progress, completed, watched_at) FROM STDIN"
    made = _watched(random, viewers=viewers, films=films, rows=rows, now=now)
    written = 0
    while batch := list(islice(made, COPIED_AT_ONCE)):
        with connection.cursor() as cursor, cursor.copy(sql) as copy:
            for row in batch:
                copy.write_row(row)
        written += len(batch)
    return written


class _Choice:
    """Random choice of films, weighted by popularity."""

    def __init__(self, films: list[GeneratedFilm]) -> None:
        self.films = films
        self.weights = list(accumulate(film.popularity for film in films))

    def take(self, random: Random, count: int) -> list[GeneratedFilm]:
        return random.choices(self.films, cum_weights=self.weights, k=count) if self.films else []


def _watched(
    random: Random, *, viewers: list[UUID], films: list[GeneratedFilm], rows: int, now: datetime
) -> Iterator[Watched]:
    by_taste: dict[str, list[GeneratedFilm]] = defaultdict(list)
    for film in films:
        by_taste[film.genre].append(film)
    tastes = {genre: _Choice(found) for genre, found in by_taste.items()}
    everything = _Choice(films)
    left = rows
    for number, viewer in enumerate(viewers):
        fair = left / (len(viewers) - number)
        wanted = min(left, len(films), max(1, round(fair * random.uniform(0.4, 1.6))))
        if number == len(viewers) - 1:
            wanted = min(left, len(films))
        liked = random.sample(sorted(tastes), min(2, len(tastes)))
        for film in _chosen(random, [tastes[genre] for genre in liked], everything, wanted):
            left -= 1
            yield _row(random, viewer, film, liked=film.genre in liked, now=now)


def _chosen(
    random: Random, liked: list[_Choice], everything: _Choice, wanted: int
) -> list[GeneratedFilm]:
    found: dict[UUID, GeneratedFilm] = {}
    for _ in range(12):  # repeated, because popular films are drawn several times
        missing = wanted - len(found)
        if missing <= 0:
            break
        near = sum(random.random() < IN_TASTE for _ in range(missing))
        drawn = random.choice(liked).take(random, near - near // 2)
        drawn += random.choice(liked).take(random, near // 2)
        drawn += everything.take(random, missing - near)
        found |= {film.id: film for film in drawn}
    if (missing := wanted - len(found)) > 0:
        rest = [film for film in everything.films if film.id not in found]
        found |= {film.id: film for film in random.sample(rest, missing)}
    return list(found.values())[:wanted]


def _row(
    random: Random, viewer: UUID, film: GeneratedFilm, *, liked: bool, now: datetime
) -> Watched:
    completed = random.random() < (0.7 if liked else 0.3)
    progress = film.duration if completed else random.randint(60, max(61, film.duration * 8 // 10))
    watched_at = now - timedelta(seconds=random.randint(0, 365 * 24 * 3600))
    return uuid_of(random), viewer, film.id, progress, completed, watched_at
