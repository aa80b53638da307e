"""Films that take moments: a little picture, three seconds, one song."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from kushfilms.demo import pictures, sending, shelf
from kushfilms.demo.film import Film
from kushfilms.demo.filming import film_make
from kushfilms.demo.films import FILMS

painted_once = cache(pictures.pictures_of)


def shortened(film: Film) -> Film:
    return replace(film, frame=(320, 180), seconds=5)


@pytest.fixture
def two_films(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path, db: None
) -> tuple[Film, ...]:
    """The demo, were it of two short films; its sources are kept below `tmp_path`."""
    films = tuple(shortened(film) for film in FILMS[:2])
    monkeypatch.setattr(shelf, "FILMS", films)
    monkeypatch.setattr(pictures, "pictures_of", painted_once)
    settings.LOCAL_DIR = tmp_path
    return films


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the films whose sources are made."""
    seen: list[str] = []

    def make(film: Film, target: Path) -> None:
        seen.append(film.key)
        film_make(film, target)

    monkeypatch.setattr(sending, "film_make", make)
    return seen
