"""“Continue watching”: where a viewer goes on, by what they watched last.

Which rows are a viewer's is one look at an index; what those films are, and which episode follows
which, is everybody's and lies in memory. In SQL the same takes a look at every film, and for
every episode at all others of its series: a hundred times as long for who watches series.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from catalog.entitlement import film_refusal_code
from catalog.models import Movie, MovieKind, WatchHistory
from catalog.selectors.films import movies_listed
from catalog.selectors.series import SPECIALS
from kushfilms.core.keyset import KeysetList
from kushfilms.core.prepared import STAND_IN_ID
from kushfilms.core.public_cache import Remembered

# Nobody goes on with what lies further back, and a long history costs no more.
LAST_FILMS = 200
# What was begun and what was finished lie mixed: mostly this many times as many rows are enough.
ROWS_FOR_ONE = 3
LATEST = ("-watched_at", "-id")
FACTS = (
    "kind", "season__series_id", "season__number", "episode_number", "published", "playable",
    "allowed_countries", "blocked_countries", "licence_starts_at", "licence_ends_at",
)  # fmt: skip


class GoingOn(NamedTuple):
    """`id` is the row's; `watched_id` the film whose row it is, `film_id` what to go on with:
    where an episode is finished the next one, from its beginning. Ids are text.
    """

    id: str
    watched_id: str
    film_id: str
    progress: int  # seconds
    watched_at: datetime


@dataclass(frozen=True)
class Watched:
    """The same with the film to go on with, for a page."""

    movie: Movie
    watched_id: UUID
    progress: int
    watched_at: datetime


def going_on(user_id: UUID, *, most: int, now: datetime, country: str) -> list[GoingOn]:
    """What is begun and not finished, and finished episodes that have a next one, latest first.

    Of a series only its latest line, so that it stands there once.
    """
    for rows in sorted({min(ROWS_FOR_ONE * most, LAST_FILMS), LAST_FILMS}):
        lines = _LAST.first(rows, user_id=user_id)
        found = list(_going_on(lines, now=now, country=country))
        if len(found) >= most or len(lines) < rows:
            break
    return found[:most]


def going_on_shown(user_id: UUID, *, most: int, now: datetime, country: str) -> list[Watched]:
    """The same with the films themselves."""
    lines = going_on(user_id, most=most, now=now, country=country)
    films = movies_listed(now=now, country=country).in_bulk([line.film_id for line in lines])
    shown = {str(film_id): film for film_id, film in films.items()}
    return [
        Watched(movie, UUID(line.watched_id), line.progress, line.watched_at)
        for line in lines
        if (movie := shown.get(line.film_id))
    ]


def _going_on(lines: list[Any], *, now: datetime, country: str) -> Iterator[GoingOn]:
    films = _FILMS.get([line.movie_id for line in lines])
    latest = list(_latest_of_series(lines, films))
    ended = {_series_id(films[row.movie_id]) for row in latest if row.completed}
    series = _EPISODES.get(ended - {""})
    for row in latest:
        film, progress = films[row.movie_id], row.progress
        if row.completed:
            following = _following(film, series.get(_series_id(film), []), now=now, country=country)
            if following is None:
                continue
            film, progress = following, 0
        elif not progress or film_refusal_code(film, now=now, country=country):
            continue
        yield GoingOn(row.id, row.movie_id, str(film.pk), progress, row.watched_at)


def _latest_of_series(lines: Iterable[Any], films: dict[str, Movie]) -> Iterator[Any]:
    """Films, and of each series the line that was written last; without what is off the site."""
    seen = set()
    for line in lines:
        film = films.get(line.movie_id)
        if film is None or not film.published:
            continue
        if series_id := _series_id(film):
            if series_id in seen:
                continue
            seen.add(series_id)
        yield line


def _following(
    film: Movie, episodes: Iterable[Movie], *, now: datetime, country: str
) -> Movie | None:
    """As `catalog.selectors.series.episode_next`, of episodes at hand and in their order."""
    here = _place(film)
    for episode in episodes:
        place = _place(episode)
        same_kind = place[0] == here[0] or SPECIALS not in {place[0], here[0]}
        if place > here and same_kind and not film_refusal_code(episode, now=now, country=country):
            return episode
    return None


def _place(film: Movie) -> tuple[int, int]:
    return (film.season.number if film.season else SPECIALS), film.episode_number or 0


def _series_id(film: Movie) -> str:
    """Empty for what is not of a series."""
    is_episode = film.kind == MovieKind.EPISODE and film.season is not None
    return str(film.season.series_id) if is_episode and film.season else ""


def _load_films(ids: Collection[str]) -> dict[str, Movie]:
    films = Movie.objects.filter(pk__in=ids).select_related("season").only(*FACTS)
    return {str(film.pk): film for film in films}


def _load_episodes(series_ids: Collection[str]) -> dict[str, list[Movie]]:
    films = Movie.objects.filter(season__series__in=map(UUID, series_ids)).select_related("season")
    found: dict[str, list[Movie]] = defaultdict(list, {one: [] for one in series_ids})
    for film in films.only(*FACTS).order_by("season__number", "episode_number"):
        found[_series_id(film)].append(film)
    return found


_FILMS = Remembered(_load_films, most=20_000)
_EPISODES = Remembered(_load_episodes, most=1_000)


def _last(user_id: UUID) -> QuerySet[WatchHistory]:
    return WatchHistory.objects.filter(user_id=user_id)


_LAST = KeysetList(
    _last,
    columns=("id", "movie_id", "progress", "completed", "watched_at"),
    ordering=LATEST,
    user_id=STAND_IN_ID,
)
