"""Recommendations, from what a viewer watched and what others watched with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from accounts.auth.principal import Principal
from billing.models import Plan
from catalog.entitlement import Watchable, entitlement_decide
from catalog.models import Movie, WatchHistory
from catalog.selectors.film_cards import FilmCard, film_cards
from catalog.selectors.films import movies_listed

# The latest films of the history are sources; each weighs a little less than the newer one.
SOURCES = 40
FADE = 0.97
# An unfinished film weighs less than a finished one; a film rated one or two stars weighs nothing.
RECOMMENDATIONS = """
WITH source AS (
    SELECT history.movie_id, history.completed,
        row_number() OVER (ORDER BY history.watched_at DESC) AS place
    FROM catalog_watchhistory AS history
    LEFT JOIN catalog_rating AS rated
        ON rated.user_id = history.user_id AND rated.movie_id = history.movie_id
    WHERE history.user_id = $1::uuid AND (history.completed OR history.progress >= 600)
        AND coalesce(rated.stars, 5) > 2
    ORDER BY history.watched_at DESC LIMIT $2::integer
), led AS (
    SELECT related.other_id, source.movie_id,
        related.score * power($3::double precision, source.place)
            * CASE WHEN source.completed THEN 1.0 ELSE 0.6 END AS score
    FROM source JOIN catalog_relatedmovie AS related ON related.movie_id = source.movie_id
)
SELECT other_id, (array_agg(movie_id ORDER BY score DESC))[1], sum(score)
FROM led
WHERE NOT EXISTS (
    SELECT FROM catalog_watchhistory AS seen
    WHERE seen.user_id = $1::uuid AND seen.movie_id = led.other_id
)
GROUP BY other_id ORDER BY sum(score) DESC, other_id LIMIT $4::integer
"""


@dataclass(frozen=True)
class Recommended:
    movie: Movie
    because: Movie | None  # the watched film it relates to; None: it is popular


def recommendations_for(
    viewer: Principal, *, now: datetime, country: str, limit: int
) -> list[Recommended]:
    """Return films for a viewer, best first: none begun or finished, none they may not watch.

    Takes three queries at most, whatever the limit.
    """
    candidates = related_to_history(viewer.user_id, most=limit * 4)
    wanted = {movie_id for movie_id, _ in candidates} | {source_id for _, source_id in candidates}
    films = Movie.objects.select_related("category").in_bulk(wanted)
    found = [
        Recommended(films[movie_id], films[source_id])
        for movie_id, source_id in candidates
        if _may_watch(films[movie_id], viewer, now=now, country=country)
    ][:limit]
    if len(found) < limit:
        found += _popular(viewer, found, now=now, country=country, limit=limit - len(found))
    return found


@dataclass(frozen=True)
class BecauseRail:
    """A watched film and films that relate to it."""

    source: FilmCard
    films: list[FilmCard]


def because_rails(
    viewer: Principal, *, most: int, fewest: int, weighed: int, now: datetime, country: str
) -> list[BecauseRail]:
    """Return the watched films that most of the `weighed` best recommendations relate to.

    `fewest` is the least number of films of a rail.
    """
    related = related_to_history(viewer.user_id, most=weighed * 4)
    candidates = [(str(film_id), str(source_id)) for film_id, source_id in related]
    cards = film_cards({film_id for pair in candidates for film_id in pair})
    open_to = (
        (cards[film_id], source_id)
        for film_id, source_id in candidates
        if film_id in cards
        and source_id in cards
        and _may_watch(cards[film_id], viewer, now=now, country=country)
    )
    led: dict[str, list[FilmCard]] = {}
    for card, source_id in islice(open_to, weighed):
        led.setdefault(source_id, []).append(card)
    longest = sorted(led.items(), key=lambda pair: -len(pair[1]))[:most]
    return [
        BecauseRail(cards[source_id], films) for source_id, films in longest if len(films) >= fewest
    ]


def related_to_history(user_id: UUID, *, most: int) -> list[tuple[UUID, UUID]]:
    """Return films related to the history, each with the watched film it relates to most."""
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]  # our engine's
        cursor.execute(RECOMMENDATIONS, [user_id, SOURCES, FADE, most])
        return [(other_id, source_id) for other_id, source_id, _ in cursor.fetchall()]


def _may_watch(movie: Watchable, viewer: Principal, *, now: datetime, country: str) -> bool:
    return entitlement_decide(movie, viewer=viewer, now=now, country=country).allowed


def _popular(
    viewer: Principal, found: Iterable[Recommended], *, now: datetime, country: str, limit: int
) -> list[Recommended]:
    """Return popular films, the viewer's genres first, for a viewer without enough history."""
    plan = Plan(viewer.plan_at(now))
    seen = WatchHistory.objects.filter(user_id=viewer.user_id, movie=OuterRef("pk"))
    films = (
        movies_listed(now=now, country=country)
        .without_episodes()
        .filter(~Exists(seen), access_level__in=[level for level in Plan if plan.covers(level)])
        .exclude(pk__in=[item.movie.pk for item in found])
        .order_by("-view_count", "-id")
    )
    history: QuerySet[WatchHistory, Any] = WatchHistory.objects.filter(user_id=viewer.user_id)
    latest = history.order_by("-watched_at").values_list("movie__genres", flat=True)[:SOURCES]
    watched_genres = {genre for genres in latest for genre in genres}
    # More than needed, as ages and countries are decided film by film.
    open_to = [
        film for film in films[: limit * 3] if _may_watch(film, viewer, now=now, country=country)
    ]
    # The sort is stable: films stay in the order of their popularity within each half.
    open_to.sort(key=lambda film: not watched_genres & set(film.genres))
    return [Recommended(film, None) for film in open_to[:limit]]
