"""Generated catalogue, with a Zipf distribution of popularity and people who prefer a genre."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils.text import slugify

from billing.models import Plan
from catalog.models import (
    AgeRating,
    Category,
    Credit,
    CreditJob,
    Movie,
    MovieKind,
    Person,
    Season,
    Series,
)
from dev.demo.crowd import names

# Marks of the rows that `--remove` deletes.
MARK = "crowd"
PREFIX = "crowd-"
BATCH = 1000
EPISODES_A_SEASON = 6
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class GeneratedFilm:
    """Attributes of a film that the generated audience needs."""

    id: UUID
    genre: str
    language: str
    duration: int
    popularity: float


def uuid_of(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def save_all(model: type[Row], rows: Iterable[Row]) -> None:
    """Save rows in batches, so that memory does not grow with their number."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        model._default_manager.bulk_create(batch)


def people_make(random: Random, *, count: int) -> list[Person]:
    people = []
    for number in range(count):
        name = names.person_of(random)
        slug = f"{PREFIX}{slugify(name)}-{number}"
        people.append(Person(id=uuid_of(random), name=name, slug=slug))
    for number in range(max(1, count // 100) if count else 0):
        people[number].name = f"VJ {people[number].name.split()[-1]} {number + 1}"
    save_all(Person, people)
    return people


def categories_make(random: Random) -> dict[str, Category]:
    made = {
        genre: Category(
            id=uuid_of(random), name=f"{genre} (made up)", slug=f"{PREFIX}{slugify(genre)}",
            order=100 + number,
        )
        for number, genre in enumerate(names.GENRES)
    }  # fmt: skip
    save_all(Category, made.values())
    return made


def seasons_make(random: Random, *, count: int, now: datetime) -> list[Season]:
    """Create `count` series with one to three seasons each."""
    series: list[Series] = []
    seasons: list[Season] = []
    for number in range(count):
        title = names.title_of(random)
        one = Series(
            id=uuid_of(random), title=title, slug=f"{PREFIX}{slugify(title)}-{number}",
            genres=[random.choice(names.GENRES)], published=True, published_at=now,
            year=random.randint(2005, 2026),
        )  # fmt: skip
        series.append(one)
        numbers = range(1, random.randint(1, 3) + 1)
        seasons += [Season(id=uuid_of(random), series=one, number=each) for each in numbers]
    save_all(Series, series)
    save_all(Season, seasons)
    return seasons


class Studio:
    """Generator of films, each with its row, its credits and its attributes for the audience."""

    def __init__(self, random: Random, *, people: list[Person], seasons: list[Season],
                 shelves: dict[str, Category], films: int, now: datetime) -> None:  # fmt: skip
        self.random = random
        self.shelves = shelves
        self.now = now
        self.count = films
        vjs = max(1, len(people) // 100) if people else 0
        self.vjs = people[:vjs]
        others = people[vjs:]
        clusters = len(names.GENRES)
        self.cast = {genre: others[n::clusters] for n, genre in enumerate(names.GENRES)}
        self.others = others
        # At most half of the films are episodes.
        places = [(one, n) for one in seasons for n in range(1, EPISODES_A_SEASON + 1)]
        self.places = places[: films // 2]
        self.ranks = list(range(1, films + 1))
        random.shuffle(self.ranks)

    def films(self) -> Iterator[tuple[Movie, list[Credit], GeneratedFilm]]:
        for number in range(self.count):
            genre = self.random.choice(names.GENRES)
            movie = self._movie(number, genre)
            credited = self._credits(movie, genre)
            popularity = 1 / self.ranks[number] ** 0.8
            yield (
                movie,
                credited,
                GeneratedFilm(movie.pk, genre, movie.language, movie.duration, popularity),
            )

    def _movie(self, number: int, genre: str) -> Movie:
        random = self.random
        title = names.title_of(random)
        place: dict[str, Any] = {}
        if number < len(self.places):
            season, episode = self.places[number]
            title = f"{season.series.title}: {title}"
            place = {"kind": MovieKind.EPISODE, "season": season, "episode_number": episode}
        published_at = self.now - timedelta(minutes=random.randint(1, 3 * 365 * 24 * 60))
        return Movie(
            id=uuid_of(random),
            title=title,
            slug=f"{slugify(title)}-{PREFIX}{number}",
            description=f"A {genre.lower()} from {random.choice(names.PLACE)}.",
            plot=" ".join(names.title_of(random) for _ in range(20)),
            year=random.randint(1995, 2026),
            duration=random.randint(20 * 60, 150 * 60),
            language=random.choices(names.LANGUAGES, names.LANGUAGE_WEIGHTS)[0],
            country=random.choices(names.COUNTRIES, names.COUNTRY_WEIGHTS)[0],
            genres=[genre, *random.sample([g for g in names.GENRES if g != genre], 1)],
            category=self.shelves[genre],
            access_level=random.choices(Plan.values, (60, 25, 15))[0],
            age_rating=random.choices(AgeRating.values, (40, 25, 20, 10, 5))[0],
            rating=round(random.uniform(2, 5), 2),
            view_count=int(1_000_000 / self.ranks[number]),
            published=True,
            published_at=published_at,
            playable=True,
            metadata={MARK: number},
            **place,
        )

    def _credits(self, movie: Movie, genre: str) -> list[Credit]:
        """Return the credits of a film, most of them by people of its genre."""
        random = self.random
        if not self.others:
            return []
        near = self.cast[genre] or self.others
        crew = [random.choice(near if random.random() < 0.8 else self.others) for _ in range(5)]
        crew = list(dict.fromkeys(crew))
        narrators = random.sample(self.vjs, 1) if random.random() < 0.4 else []
        movie.director = crew[0].name
        movie.cast = [person.name for person in crew]
        movie.vjs = [person.name for person in narrators]
        jobs = [(CreditJob.DIRECTOR, crew[:1]), (CreditJob.CAST, crew), (CreditJob.VJ, narrators)]
        return [
            Credit(id=uuid_of(random), movie=movie, person=person, job=job, order=order)
            for job, people in jobs
            for order, person in enumerate(people)
        ]
