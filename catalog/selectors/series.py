"""Reads of series, and the order of their episodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import cast

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.models import Movie, MovieQuerySet, Season, Series, SlugKind
from catalog.models.films import listed_where
from catalog.selectors.films import movies_listed
from catalog.selectors.slugs import by_reference
from kushfilms.core.errors import NotFound

SPECIALS = 0  # number of the season of specials, which follow all others


@dataclass(frozen=True)
class SeasonShown:
    """A season with the episodes of it that can be watched, in order."""

    season: Season
    episodes: list[Movie]


def series_listed(*, now: datetime, country: str) -> QuerySet[Series]:
    """Return published series with at least one episode to watch there and then."""
    watchable = Movie.objects.filter(
        listed_where(now=now, country=country), season__series=OuterRef("pk")
    )
    return Series.objects.filter(Exists(watchable), published=True).select_related("category")


def series_get(reference: str) -> Series:
    """Return a published series by id, slug or former slug, with or without watchable episodes.

    Raises:
        NotFound: no such series, or not published.
    """
    published = Series.objects.filter(published=True).select_related("category")
    found = by_reference(published, reference, kind=SlugKind.SERIES)
    if found is None:
        raise NotFound("There is no such series.")
    return found


def series_seasons(series: Series, *, now: datetime, country: str) -> list[SeasonShown]:
    """Return seasons in order, specials last, without those that have nothing to watch."""
    episodes = _episodes(now=now, country=country).filter(season__series=series)
    ordered = sorted(
        episodes,
        key=lambda episode: (
            _season(episode).number == SPECIALS,
            _season(episode).number,
            episode.episode_number or 0,
        ),
    )
    return [SeasonShown(season, list(members)) for season, members in groupby(ordered, key=_season)]


def episode_first(seasons: Sequence[SeasonShown]) -> Movie | None:
    """Return the episode for a viewer who is new to the series."""
    return seasons[0].episodes[0] if seasons else None


def episode_next(movie: Movie, *, now: datetime, country: str) -> Movie | None:
    """Return the next episode of the season, else the first of the next season.

    Specials are followed by specials only. Returns None for a film, and after the last episode.
    """
    if movie.season_id is None or movie.episode_number is None:
        return None
    season = _season(movie)
    later = Q(season=season, episode_number__gt=movie.episode_number)
    if season.number != SPECIALS:
        later |= Q(season__series_id=season.series_id, season__number__gt=season.number)
    rest = _episodes(now=now, country=country).filter(later)
    return rest.order_by("season__number", "episode_number").first()


def _episodes(*, now: datetime, country: str) -> MovieQuerySet:
    return movies_listed(now=now, country=country).select_related("category", "season__series")


def _season(episode: Movie) -> Season:
    """Return the season, which a constraint guarantees."""
    return cast(Season, episode.season)
