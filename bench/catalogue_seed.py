"""Generated films and people for benchmarks, with uneven word frequencies, written with COPY."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import psycopg

SYLLABLES = [
    "ka", "mu", "na", "ki", "ba", "lu", "wa", "sa", "nya", "bo", "da", "kyo", "ga", "li", "te",
    "so", "ru", "mwe", "nda", "mba", "nga", "zi", "ro", "fe", "gu", "ta", "wi", "nko", "ssa",
]  # fmt: skip
GENRES = ["Drama", "Comedy", "Thriller", "Romance", "Action", "Crime", "Family", "History"]
NEWEST = datetime(2026, 11, 1, tzinfo=UTC)
MOVIE = (
    "id", "kind", "title", "slug", "description", "plot", "year", "duration", "rating",
    "rating_count", "rating_sum", "base_rating_count", "base_rating_sum", "language",
    "country", "director", "cast", "vjs", "genres",
    "audio_languages", "subtitle_languages", "thumbnail_key", "poster_key", "backdrop_key",
    "preview_key", "poster_candidate_keys", "access_level", "published", "published_at",
    "publish_when_ready", "playable", "featured", "trending", "category_id", "age_rating",
    "allowed_countries", "blocked_countries", "licence_holder", "view_count", "favorite_count",
    "comment_count", "share_count", "metadata", "before_deletion", "trailer_duration", "created_at",
    "updated_at",
)  # fmt: skip


class Vocabulary:
    """Words, film titles and search texts, always the same for the same sizes."""

    def __init__(self, *, films: int, people: int) -> None:
        self.films = films
        self._random = random.Random(films)
        # A vocabulary grows more slowly than its texts; the n-th word is used 1/n as often.
        self._words = self._made(max(2000, int(200 * films**0.5)))
        self._odds = list(accumulate(1 / (n + 10) for n in range(len(self._words))))
        names = self._made(max(200, people // 5))
        pick = self._random.choice
        self.people = [f"{pick(names)} {pick(names)}".title() for _ in range(people)]
        self.titles = [
            self._said(self._random.choice((1, 2, 2, 3, 4))).title() for _ in range(films)
        ]

    def _made(self, count: int) -> list[str]:
        made: dict[str, None] = {}
        while len(made) < count:
            made["".join(self._random.choices(SYLLABLES, k=self._random.choice((2, 3, 3, 4))))] = (
                None
            )
        return list(made)

    def _said(self, words: int) -> str:
        return " ".join(self._random.choices(self._words, cum_weights=self._odds, k=words))

    def description(self) -> str:
        return f"{self._said(25).capitalize()}."

    def slug(self, number: int) -> str:
        return f"film-{number}"

    def typed(self, number: int) -> str:
        """Return a search text: the title of a film or the name of a person."""
        title = self.titles[number * 7919 % self.films]
        return title if number % 3 else self.people[number * 104_729 % len(self.people)]

    def slip(self, number: int) -> str:
        """Return a title without the third character of its longest word."""
        words = self.titles[number * 7919 % self.films].split()
        longest = max(words, key=len)
        cut = longest[:2] + longest[3:]
        return " ".join(cut if word == longest else word for word in words)

    def begun(self, number: int) -> str:
        return self.typed(number)[: 2 + number % 5]


def seed(database_url: str, words: Vocabulary) -> None:
    with psycopg.connect(database_url) as database:
        shelves = [uuid.uuid4() for _ in range(8)]
        people = [uuid.uuid4() for _ in words.people]
        _copy(database, "catalog_category", CATEGORY, _categories(shelves))
        _copy(database, "catalog_person", PERSON, _people(people, words))
        films, parts = _films(shelves, people, words)
        _copy(database, "catalog_movie", MOVIE, iter(films))
        _copy(database, "catalog_credit", CREDIT, iter(parts))
        database.execute(
            "INSERT INTO catalog_trend (movie_id, rank, score) SELECT id, row_number() OVER"
            " (ORDER BY view_count DESC), view_count FROM catalog_movie LIMIT 200"
        )
    with psycopg.connect(database_url, autocommit=True) as database:
        database.execute("VACUUM ANALYZE")


CATEGORY = ("id", "name", "slug", "description", "image_key", "order", "active", "follower_count",
            "created_at", "updated_at")  # fmt: skip
PERSON = ("id", "name", "slug", "biography", "photo_key", "follower_count", "created_at",
          "updated_at")  # fmt: skip
CREDIT = ("id", "movie_id", "person_id", "job", "character", "order")


def _categories(shelves: list[uuid.UUID]) -> Iterator[tuple[object, ...]]:
    for n, shelf in enumerate(shelves):
        yield shelf, f"Shelf {n}", f"shelf-{n}", "", "", n, True, 0, NEWEST, NEWEST


def _people(ids: list[uuid.UUID], words: Vocabulary) -> Iterator[tuple[object, ...]]:
    for n, person in enumerate(ids):
        yield person, words.people[n], f"person-{n}", "", "", 0, NEWEST, NEWEST


def _films(
    shelves: list[uuid.UUID], people: list[uuid.UUID], words: Vocabulary
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    dice = random.Random(1)
    films: list[tuple[object, ...]] = []
    parts: list[tuple[object, ...]] = []
    for n, title in enumerate(words.titles):
        film = uuid.uuid4()
        at = NEWEST - timedelta(minutes=n)
        known = dice.sample(range(len(people)), 5)
        names = [words.people[person] for person in known]
        stars = dice.randint(0, 40)
        films.append((
            film, "FILM", title, words.slug(n), words.description(), "", 1980 + n % 46,
            5400, round(dice.uniform(1, 5), 2), stars, stars * 3, stars, stars * 3,
            "Luganda", "Uganda", names[0], names[1:4], names[4:],
            dice.sample(GENRES, 2), ["lg"], [], f"public/m/{n}/t.webp",
            f"public/m/{n}/p.webp", "", "", [], ("FREE", "BASIC", "PREMIUM")[n % 3], True, at,
            False, True, n % 200 == 0, n % 2500 == 0, shelves[n % 8], "G", [], [], "",
            int(1_000_000 / (dice.randint(1, 10_000))), 0, 0, 0, "{}", "{}", 0, at, at,
        ))  # fmt: skip
        jobs = ("DIRECTOR", "CAST", "CAST", "CAST", "VJ")
        parts += [
            (uuid.uuid4(), film, people[person], job, "", order)
            for order, (person, job) in enumerate(zip(known, jobs, strict=True))
        ]
    return films, parts


def _copy(
    database: psycopg.Connection[tuple[object, ...]],
    table: str,
    columns: tuple[str, ...],
    rows: Iterator[tuple[object, ...]],
) -> None:
    named = ", ".join(f'"{name}"' for name in columns)
    with database.cursor().copy(f"COPY {table} ({named}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
