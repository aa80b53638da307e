"""Rows of films for a viewer who has not searched or filtered."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, TextField, Value
from django.db.models.functions import Cast
from django.db.models.query import QuerySet

from catalog.entitlement import film_refusal_code
from catalog.models import Category, Credit, Movie, MovieKind, MovieQuerySet, RelatedMovie
from catalog.selectors.categories import categories_active
from catalog.selectors.film_cards import FilmCard, film_cards
from catalog.selectors.films import NEWEST, POPULAR, movies_listed
from kushfilms.core.db.prepared import STAND_IN_AUDIENCE, STAND_IN_ID, Prepared

# Films of each kind of likeness that are weighed before related films were computed.
ALIKE = 60
# A rail of related films is filled up to this number, with at most this many popular ones.
ENOUGH_RELATED = 6
POPULAR_RELATED = 12
# Featured films, and new films, that are tried until the viewer can play one.
HERO_CANDIDATES = 12


@dataclass(frozen=True)
class Rail:
    """A row of films with a title and the page that lists all of them."""

    title: str
    url: str
    movies: list[Movie]


def movies_featured(*, now: datetime, country: str) -> MovieQuerySet:
    return movies_listed(now=now, country=country).filter(featured=True)


def hero_candidates(*, now: datetime, country: str) -> Iterator[Movie]:
    """Yield films for the hero of the home page: featured ones, then the newest, a few of each.

    Read in two steps, because the first featured film is nearly always the answer.
    """
    yield from movies_featured(now=now, country=country).order_by(*NEWEST)[:HERO_CANDIDATES]
    yield from movies_recent(now=now, country=country).order_by(*NEWEST)[:HERO_CANDIDATES]


def movies_recent(*, now: datetime, country: str) -> MovieQuerySet:
    """Return films without episodes: followers are notified of a series' new episode."""
    return movies_listed(now=now, country=country).without_episodes()


def movies_newest(*, limit: int, now: datetime, country: str) -> list[Movie]:
    return list(movies_recent(now=now, country=country).order_by(*NEWEST)[:limit])


def movies_trending(*, limit: int, now: datetime, country: str) -> list[Movie]:
    """Return films that staff marked, then the chart, or the most viewed without a chart."""
    films = movies_recent(now=now, country=country)
    marked = list(films.filter(trending=True).order_by(*POPULAR)[:limit])
    chart = films.filter(trending=False, trend__isnull=False).order_by("trend__rank")
    ranked = list(chart[:limit]) or list(films.filter(trending=False).order_by(*POPULAR)[:limit])
    return [*marked, *ranked][:limit]


@dataclass(frozen=True)
class Chart:
    """The most watched films, best first. `at_home`: only plays in the home country count."""

    movies: list[Movie]
    at_home: bool


# A shorter chart reflects chance more than what people watch.
SHORTEST_CHART = 3


def movies_most_watched(*, limit: int, now: datetime, country: str) -> Chart:
    """Return the most played films in the home country, or everywhere while plays are few."""
    films = movies_recent(now=now, country=country)
    at_home = list(
        films.filter(trend__home_rank__isnull=False).order_by("trend__home_rank")[:limit]
    )
    if len(at_home) >= SHORTEST_CHART:
        return Chart(at_home, at_home=True)
    everywhere = list(films.filter(trend__isnull=False).order_by("trend__rank")[:limit])
    if not everywhere:
        everywhere = list(films.filter(view_count__gt=0).order_by(*POPULAR)[:limit])
    return Chart(everywhere, at_home=False)


def rails_by_category(
    *, length: int, fewest: int, most: int, now: datetime, country: str
) -> list[Rail]:
    """Return the newest films of the first active categories with enough films, in their order.

    Each category reads a few entries of its index, whatever the number of films.
    """
    rows = [
        (name, slug, ids)
        for name, slug, ids in _newest_by_category(length).rows(now=now, country=country)
        if len(ids) >= fewest
    ][:most]
    listed = movies_listed(now=now, country=country)
    films = listed.in_bulk({film_id for _, _, ids in rows for film_id in ids})
    return [
        Rail(name, f"/categories/{slug}", [films[film_id] for film_id in ids if film_id in films])
        for name, slug, ids in rows
    ]


@cache
def _newest_by_category(length: int) -> Prepared:
    def build(**audience: Any) -> QuerySet[Category, Any]:
        # Not `without_episodes`: while there are none, a plan for any value expects that `kind <>
        # …` leaves no film, and sorts whole categories.
        kinds = [kind for kind in MovieKind if kind != MovieKind.EPISODE]
        films = movies_listed(**audience).filter(category=OuterRef("pk"), kind__in=kinds)
        newest = ArraySubquery(films.order_by(*NEWEST).values("pk")[:length])
        return categories_active().values_list("name", "slug", newest)

    return Prepared(build, **STAND_IN_AUDIENCE)


# ── More like this ──────────────────────────────────────────────────────────────────────


def movies_related(movie: Movie, *, limit: int, now: datetime, country: str) -> list[Movie]:
    """Return related films of the nightly job, best first, filled up where they are too few.

    On a fresh site nothing was watched yet, so films that share people, genres or the category come
    next, and then the most viewed ones: a film's page always leads on to another film.
    """
    films = movies_listed(now=now, country=country)
    # Two queries instead of a join, for which the planner would scan the films.
    ranked = RelatedMovie.objects.filter(movie=movie).order_by("rank")
    found = _fetch_in_order(films, list(ranked.values_list("other_id", flat=True)))
    for more in (_alike, _popular_besides):
        if len(found) >= min(limit, ENOUGH_RELATED):
            break
        included = {film.pk for film in found}
        found += [film for film in more(movie, films) if film.pk not in included]
    return found[:limit]


def cards_related(
    movie: Movie, *, limit: int, now: datetime, country: str
) -> Sequence[Movie | FilmCard]:
    """Return the cards of `movies_related`, from memory where the nightly job found enough."""
    ids = [film_id for (film_id,) in _RANKED.rows(movie_id=movie.pk)]
    cards = film_cards(ids)
    listed = [
        card
        for film_id in ids
        if (card := cards.get(film_id)) and not film_refusal_code(card, now=now, country=country)
    ]
    if len(listed) >= min(limit, ENOUGH_RELATED):
        return listed[:limit]
    return movies_related(movie, limit=limit, now=now, country=country)


_RANKED = Prepared(
    lambda movie_id: (
        RelatedMovie.objects.filter(movie_id=movie_id)
        .order_by("rank")
        .values_list(Cast("other_id", TextField()))
    ),
    movie_id=STAND_IN_ID,
)


def _popular_besides(movie: Movie, films: MovieQuerySet) -> list[Movie]:
    others = films.without_episodes().exclude(pk=movie.pk)
    return list(others.order_by(*POPULAR)[:POPULAR_RELATED])


def _fetch_in_order(films: QuerySet[Movie], ids: Sequence[UUID]) -> list[Movie]:
    by_id = films.in_bulk(ids) if ids else {}
    return [by_id[movie_id] for movie_id in ids if movie_id in by_id]


def _alike(movie: Movie, films: MovieQuerySet) -> list[Movie]:
    """Return films that share people, genres or the category, by how much they share.

    Each kind of likeness reads its newest few by an index; a film found twice scores twice.
    """
    others = films.without_episodes().exclude(pk=movie.pk)
    people = Credit.objects.filter(movie=movie).values("person")
    likenesses = [
        (3, others.filter(pk__in=Credit.objects.filter(person__in=people).values("movie"))),
        *((2, others.filter(genres__contains=[genre])) for genre in movie.genres[:3]),
    ]
    if movie.category_id:
        likenesses.append((1, others.filter(category_id=movie.category_id)))
    parts = [
        alike.order_by(*NEWEST)
        .annotate(weight=Value(weight))
        .values_list("pk", "published_at", "weight")[:ALIKE]
        for weight, alike in likenesses
    ]
    weights: Counter[tuple[Any, UUID]] = Counter()
    for movie_id, published_at, weight in parts[0].union(*parts[1:], all=True):
        weights[published_at, movie_id] += weight
    best = sorted(weights, key=lambda film: (weights[film], *film), reverse=True)[:ALIKE]
    return _fetch_in_order(films, [movie_id for _, movie_id in best])
