"""Demo films that take moments: a small picture, three seconds, one song."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from dev.demo import pictures, shelf, uploads
from dev.demo.film import Film
from dev.demo.films import FILMS
from dev.demo.rendering import film_make

Demo = Callable[..., tuple[Film, ...]]
painted_once = cache(pictures.pictures_of)


def shortened(film: Film) -> Film:
    return replace(film, frame=(320, 180), seconds=5)


@pytest.fixture
def little_demo(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path, db: None
) -> Demo:
    """Reduce the demo to these short films, with sources below `tmp_path`."""

    def of(*films: Film) -> tuple[Film, ...]:
        short = tuple(shortened(film) for film in films)
        monkeypatch.setattr(shelf, "FILMS", short)
        monkeypatch.setattr(pictures, "pictures_of", painted_once)
        settings.LOCAL_DIR = tmp_path
        return short

    return of


@pytest.fixture
def two_films(little_demo: Demo) -> tuple[Film, ...]:
    return little_demo(*FILMS[:2])


@pytest.fixture
def episodes(little_demo: Demo) -> tuple[Film, ...]:
    return little_demo(*(film for film in FILMS if film.show))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the keys of the films whose sources are rendered."""
    seen: list[str] = []

    def make(film: Film, target: Path) -> None:
        seen.append(film.key)
        film_make(film, target)

    monkeypatch.setattr(uploads, "film_make", make)
    return seen
