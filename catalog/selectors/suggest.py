"""Suggestions while typing: names of films, series and people."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from catalog.models import Credit, Findable, Movie
from catalog.models.films import listed_where
from catalog.selectors.search import (
    BEST,
    STAND_INS,
    ParsedQuery,
    query_parse,
    score,
)
from kushfilms.core.db.prepared import Prepared

SUGGESTIONS = 8
# Matching names that are read before the best known are chosen.
LOOKED_AT = 50


class SuggestionKind(StrEnum):
    MOVIE = "MOVIE"
    SERIES = "SERIES"
    PERSON = "PERSON"


@dataclass(frozen=True)
class Suggestion:
    kind: SuggestionKind
    id: UUID
    slug: str
    title: str


COLUMNS = (
    "movie_id", "movie__slug", "movie__title",
    "series_id", "series__slug", "series__title",
    "person_id", "person__slug", "person__name",
)  # fmt: skip


def suggestions(text: str, *, now: datetime, country: str) -> list[Suggestion]:
    """Return at most eight names: those with this beginning, then those with similar words."""
    parsed = query_parse(text, names=True)
    if not parsed.plain:
        return []
    rows = _NAMES.rows(plain=parsed.plain, query=parsed.query, now=now, country=country)
    # A row has the columns of all kinds; a constraint guarantees that those of one kind are filled.
    return [
        Suggestion(kind, *row[3 * index : 3 * index + 3])
        for row in rows
        for index, kind in enumerate(SuggestionKind)
        if row[3 * index]
    ]


def _matching_names(*, plain: str, query: str, now: datetime, country: str) -> QuerySet[Any, Any]:
    parsed = ParsedQuery(plain, query)
    popularity = Coalesce("movie__view_count", "series__follower_count", "person__follower_count")
    names = RawSQL("SELECT catalog_names(%s, %s::tsquery, %s)", [plain, query, LOOKED_AT])
    shown = Findable.objects.filter(_has_something_to_watch(now=now, country=country), pk__in=names)
    best = shown.annotate(
        score=score(parsed, through="", popularity=popularity, prefix_bonus=5.0)
    ).order_by(*BEST)
    return best.values_list(*COLUMNS, "score")[:SUGGESTIONS]


def _has_something_to_watch(*, now: datetime, country: str) -> Q:
    """Return the condition that there is something to watch there and then."""
    here = listed_where(now=now, country=country)
    part = Credit.objects.filter(
        listed_where(now=now, country=country, through="movie__"), person=OuterRef("person")
    )
    episode = Movie.objects.filter(here, season__series=OuterRef("series"))
    return (
        Q(listed_where(now=now, country=country, through="movie__"))
        # `series__isnull` is tested separately: `published` of a missing series is NULL, and
        # PostgreSQL would then search all films for its episodes.
        | Q(Q(series__isnull=False) & Q(series__published=True) & Exists(episode))
        | Q(Q(person__isnull=False) & Exists(part))
    )


_NAMES = Prepared(_matching_names, **STAND_INS)
