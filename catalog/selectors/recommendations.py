"""Recommendations, from what a viewer watched and what others watched with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from accounts.auth.principal import Principal
from billing.models import Plan
from catalog.entitlement import entitlement_decide
from catalog.models import Movie, WatchHistory
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
    WHERE history.user_id = %(user)s AND (history.completed OR history.progress >= 600)
        AND coalesce(rated.stars, 5) > 2
    ORDER BY history.watched_at DESC LIMIT %(sources)s
), led AS (
    SELECT related.other_id, source.movie_id,
        related.score * power(%(fade)s, source.place)
            * CASE WHEN source.completed THEN 1.0 ELSE 0.6 END AS score
    FROM source JOIN catalog_relatedmovie AS related ON related.movie_id = source.movie_id
)
SELECT other_id, (array_agg(movie_id ORDER BY score DESC))[1], sum(score)
FROM led
WHERE NOT EXISTS (
    SELECT FROM catalog_watchhistory AS seen
    WHERE seen.user_id = %(user)s AND seen.movie_id = led.other_id
)
GROUP BY other_id ORDER BY sum(score) DESC, other_id LIMIT %(most)s
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


def related_to_history(user_id: UUID, *, most: int) -> list[tuple[UUID, UUID]]:
    """Return films related to the history, each with the watched film it relates to most."""
    parameters: dict[str, Any] = {"user": user_id, "sources": SOURCES, "fade": FADE, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(RECOMMENDATIONS, parameters)
        return [(other_id, source_id) for other_id, source_id, _ in cursor.fetchall()]


def _may_watch(movie: Movie, viewer: Principal, *, now: datetime, country: str) -> bool:
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
