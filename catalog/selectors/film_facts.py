"""Facts of films and the order of episodes, the same for every viewer and so kept in memory."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from catalog.entitlement import film_refusal_code
from catalog.models import Movie, MovieQuerySet
from catalog.selectors.series import SPECIALS
from kushfilms.core.public_cache import Memo

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
    """The place of a film, and what decides who can watch it.

    `series_id` is empty unless the film is an episode.
    """

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


def film_facts(ids: Collection[str]) -> dict[str, FilmFacts]:
    return _FILMS.get(ids)


def series_episodes(series_ids: Collection[str]) -> dict[str, list[FilmFacts]]:
    """Return the episodes of each series in order, specials first."""
    return _EPISODES.get(series_ids)


def facts_of(values: Mapping[str, Any]) -> FilmFacts:
    """Return the facts from values of the columns `FACTS`."""
    film_id, series_id, season, episode, *rest = (values[name] for name in FACTS)
    return FilmFacts(str(film_id), str(series_id or ""), season or SPECIALS, episode or 0, *rest)


def episode_after(
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
    for film in _read(episodes.order_by("season__number", "episode_number")):
        found[film.series_id].append(film)
    return found


def _read(films: MovieQuerySet) -> Iterator[FilmFacts]:
    return map(facts_of, films.values(*FACTS))


_FILMS: Memo[str, FilmFacts] = Memo(
    lambda ids: {film.id: film for film in _read(Movie.objects.filter(pk__in=ids))},
    tags=lambda film_id, film: (film_id, film.series_id),
)
_EPISODES: Memo[str, list[FilmFacts]] = Memo(
    _load_episodes, tags=lambda series_id, _episodes: (series_id,)
)
