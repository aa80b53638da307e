"""Rows for tests, valid as they come; a test names only what it is about."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import factory
from django.contrib.auth.hashers import make_password

from accounts.models import User
from catalog.models import Category, Movie

PASSWORD = "matatu-9931-x"
MORNING = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)


@lru_cache
def password_hash() -> str:
    """One slow hash for all."""
    return make_password(PASSWORD)


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.ug")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.LazyFunction(password_hash)


class CategoryFactory(factory.django.DjangoModelFactory[Category]):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Category {n}")
    slug = factory.Sequence(lambda n: f"category-{n}")


class MovieFactory(factory.django.DjangoModelFactory[Movie]):
    """A published, playable, free film; each is an hour younger than the one before."""

    class Meta:
        model = Movie

    title = factory.Sequence(lambda n: f"Film {n}")
    slug = factory.Sequence(lambda n: f"film-{n}")
    description = "A fare across the sleeping city."
    duration = 6000
    year = 2024
    language = "Luganda"
    published = True
    playable = True
    published_at = factory.Sequence(lambda n: MORNING + timedelta(hours=n))

    @classmethod
    def draft(cls, **fields: Any) -> Movie:
        return cls(published=False, published_at=None, playable=False, **fields)
