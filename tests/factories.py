"""Factories of valid rows; a test names only the values it is about."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.auth.hashers import make_password
from factory.declarations import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from accounts.models import User
from catalog.models import (
    Category,
    Credit,
    CreditJob,
    Movie,
    MovieKind,
    Person,
    Season,
    Series,
)

PASSWORD = "matatu-9931-x"
MORNING = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)


@lru_cache
def password_hash() -> str:
    """Return one hash for all people, as hashing is slow."""
    return make_password(PASSWORD)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = Sequence(lambda n: f"person{n}@example.ug")
    name = Sequence(lambda n: f"Person {n}")
    password = LazyFunction(password_hash)


class CategoryFactory(DjangoModelFactory[Category]):
    class Meta:
        model = Category

    name = Sequence(lambda n: f"Category {n}")
    slug = Sequence(lambda n: f"category-{n}")


class MovieFactory(DjangoModelFactory[Movie]):
    """A published, playable, free film, each an hour younger than the one before."""

    class Meta:
        model = Movie

    title = Sequence(lambda n: f"Film {n}")
    slug = Sequence(lambda n: f"film-{n}")
    description = "A fare across the sleeping city."
    duration = 6000
    year = 2024
    language = "Luganda"
    published = True
    playable = True
    published_at = Sequence(lambda n: MORNING + timedelta(hours=n))

    @classmethod
    def draft(cls, **fields: Any) -> Movie:
        return cls.create(published=False, published_at=None, playable=False, **fields)


class EpisodeFactory(MovieFactory):
    """An episode; needs `season` and `episode_number`."""

    kind = MovieKind.EPISODE


class SeriesFactory(DjangoModelFactory[Series]):
    class Meta:
        model = Series

    title = Sequence(lambda n: f"Series {n}")
    slug = Sequence(lambda n: f"series-{n}")
    published = True
    published_at = Sequence(lambda n: MORNING + timedelta(hours=n))


class SeasonFactory(DjangoModelFactory[Season]):
    class Meta:
        model = Season

    series = SubFactory(SeriesFactory)
    number = 1


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    name = Sequence(lambda n: f"Person {n}")
    slug = Sequence(lambda n: f"person-{n}")


class CreditFactory(DjangoModelFactory[Credit]):
    class Meta:
        model = Credit

    movie = SubFactory(MovieFactory)
    person = SubFactory(PersonFactory)
    job = CreditJob.CAST
