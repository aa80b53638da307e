"""“Continue watching”: where a viewer continues, by what they watched last.

The viewer's rows come from one index look-up. Facts about the films, and the order of episodes, are
the same for every viewer and stay in memory. A single SQL query would read every film, and for
every episode all others of its series: a hundred times as long for a viewer of series.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from catalog.entitlement import film_refusal_code
from catalog.models import Movie, MovieQuerySet, WatchHistory
from catalog.selectors.film_cards import FilmCard, film_cards
from catalog.selectors.history import HISTORY_LATEST
from catalog.selectors.series import SPECIALS
from kushfilms.core.db.keyset import KeysetList
from kushfilms.core.db.prepared import STAND_IN_ID
from kushfilms.core.public_cache import Memo

# Older rows are hardly ever continued, and the limit bounds the cost of a long history.
LAST_FILMS = 200
# Unfinished and finished films are mixed: this many times as many rows are mostly enough.
ROWS_FOR_ONE = 3
# In the order of `FilmFacts`.
FACTS = (
    "id",
    "season__series_id",
    "season__number",
    "episode_number",
    "published",
    "playable",
    "licence_starts_at",
    "licence_ends_at",
    "allowed_countries",
    "blocked_countries",
)


class FilmFacts(NamedTuple):
    """The facts of a film that this list needs. `series_id` is empty unless it is an episode."""

    id: str
    series_id: str
    season: int  # its number
    episode: int
    published: bool
    playable: bool
    licence_starts_at: datetime | None
    licence_ends_at: datetime | None
    allowed_countries: list[str]
    blocked_countries: list[str]


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
    films = _FILMS.get([line.movie_id for line in lines])
    latest = list(_latest_of_series(lines, films))
    ended = {films[row.movie_id].series_id for row in latest if row.completed}
    series = _EPISODES.get(ended - {""})
    for row in latest:
        film = films[row.movie_id]
        progress = row.progress
        if row.completed:
            next_episode = _next_episode(
                film, series.get(film.series_id, []), now=now, country=country
            )
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


def _next_episode(
    film: FilmFacts, episodes: Iterable[FilmFacts], *, now: datetime, country: str
) -> FilmFacts | None:
    """Return what `catalog.selectors.series.episode_next` returns, from ordered `episodes`."""
    for episode in episodes:
        same_kind = episode.season == film.season or SPECIALS not in {episode.season, film.season}
        is_later = (episode.season, episode.episode) > (film.season, film.episode)
        if is_later and same_kind and not film_refusal_code(episode, now=now, country=country):
            return episode
    return None


def _load_episodes(series_ids: Collection[str]) -> dict[str, list[FilmFacts]]:
    found: dict[str, list[FilmFacts]] = {series_id: [] for series_id in series_ids}
    episodes = Movie.objects.filter(season__series__in=map(UUID, series_ids))
    for film in _film_facts(episodes.order_by("season__number", "episode_number")):
        found[film.series_id].append(film)
    return found


def _film_facts(films: MovieQuerySet) -> Iterator[FilmFacts]:
    for film_id, series_id, season, episode, *rest in films.values_list(*FACTS):
        yield FilmFacts(str(film_id), str(series_id or ""), season or SPECIALS, episode or 0, *rest)


_FILMS: Memo[str, FilmFacts] = Memo(
    lambda ids: {film.id: film for film in _film_facts(Movie.objects.filter(pk__in=ids))},
    tags=lambda film_id, film: (film_id, film.series_id),
)
_EPISODES: Memo[str, list[FilmFacts]] = Memo(
    _load_episodes, tags=lambda series_id, _episodes: (series_id,)
)


_LATEST_ROWS = KeysetList(
    lambda user_id: WatchHistory.objects.filter(user_id=user_id),
    columns=("id", "movie_id", "progress", "completed", "watched_at"),
    ordering=HISTORY_LATEST,
    user_id=STAND_IN_ID,
)
