"""“Continue watching”: where a viewer continues, by what they watched last.

The viewer's rows come from one index look-up. Facts about the films, and the order of episodes, are
the same for every viewer and stay in memory. A single SQL query would read every film, and for
every episode all others of its series: a hundred times as long for a viewer of series.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from catalog.entitlement import film_refusal_code
from catalog.models import WatchHistory
from catalog.selectors.film_cards import FilmCard, film_cards
from catalog.selectors.film_facts import FilmFacts, episode_after, film_facts, series_episodes
from catalog.selectors.history import HISTORY_LATEST
from kushfilms.core.db.keyset import KeysetList
from kushfilms.core.db.prepared import STAND_IN_ID

# Older rows are hardly ever continued, and the limit bounds the cost of a long history.
LAST_FILMS = 200
# Unfinished and finished films are mixed: this many times as many rows are mostly enough.
ROWS_FOR_ONE = 3


class ContinueRow(NamedTuple):
    """A line of the list; ids are text.

    `id` is the history row's, `watched_id` the film watched, and `film_id` the film to continue
    with: after a finished episode the next one, from its beginning.
    """

    id: str
    watched_id: str
    film_id: str
    progress: int  # seconds
    watched_at: datetime


@dataclass(frozen=True)
class ContinueFilm:
    """A line of the list with the film to continue with, for a page."""

    movie: FilmCard
    watched_id: str
    progress: int
    watched_at: datetime


def continue_watching_rows(
    user_id: UUID, *, most: int, now: datetime, country: str
) -> list[ContinueRow]:
    """Return unfinished films, and successors of finished episodes, latest first.

    Of a series only the latest line is listed.
    """
    for rows in sorted({min(ROWS_FOR_ONE * most, LAST_FILMS), LAST_FILMS}):
        lines = _LATEST_ROWS.first(rows, user_id=user_id)
        found = list(islice(_continue_rows(lines, now=now, country=country), most))
        if len(found) == most or len(lines) < rows:
            break
    return found


def continue_watching_films(
    user_id: UUID, *, most: int, now: datetime, country: str
) -> list[ContinueFilm]:
    """Return the list with the cards of its films."""
    lines = continue_watching_rows(user_id, most=most, now=now, country=country)
    cards = film_cards([line.film_id for line in lines])
    return [
        ContinueFilm(card, line.watched_id, line.progress, line.watched_at)
        for line in lines
        if (card := cards.get(line.film_id))
    ]


def _continue_rows(lines: list[Any], *, now: datetime, country: str) -> Iterator[ContinueRow]:
    films = film_facts([line.movie_id for line in lines])
    latest = list(_latest_of_series(lines, films))
    ended = {films[row.movie_id].series_id for row in latest if row.completed}
    series = series_episodes(ended - {""})
    for row in latest:
        film = films[row.movie_id]
        progress = row.progress
        if row.completed:
            episodes = series.get(film.series_id, [])
            next_episode = episode_after(film, episodes, now=now, country=country)
            if next_episode is None:
                continue
            film = next_episode
            progress = 0
        elif not progress or film_refusal_code(film, now=now, country=country):
            continue
        yield ContinueRow(row.id, row.movie_id, film.id, progress, row.watched_at)


def _latest_of_series(lines: Iterable[Any], films: dict[str, FilmFacts]) -> Iterator[Any]:
    """Yield films, and the latest line of each series; skip unpublished films."""
    seen = set()
    for line in lines:
        film = films.get(line.movie_id)
        if film is None or not film.published:
            continue
        if film.series_id:
            if film.series_id in seen:
                continue
            seen.add(film.series_id)
        yield line


_LATEST_ROWS = KeysetList(
    lambda user_id: WatchHistory.objects.filter(user_id=user_id),
    columns=("id", "movie_id", "progress", "completed", "watched_at"),
    ordering=HISTORY_LATEST,
    user_id=STAND_IN_ID,
)
