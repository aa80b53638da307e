"""Finding by words. What a query means is worked out in the database (migration 0011)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import (
    Case,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import Cast, Coalesce, Ln

from catalog.models import Credit, Findable, Movie, MovieQuerySet, Person, Series
from catalog.models.films import listed_where
from catalog.selectors.films import movies_listed
from catalog.selectors.series import series_listed

LONGEST_QUERY = 200
# By how well it fits; the id so that every film has one place.
BEST = ("-score", "-id")
SUGGESTIONS = 8
SERIES_FOUND = 6
# Of names with one beginning so many are looked at before the best known are chosen.
BEGINNINGS = 200


@dataclass(frozen=True)
class Asked:
    """`plain` is what was typed, folded; `query` a tsquery, empty when there is no word in it."""

    plain: str
    query: str


def search_read(said: str, *, names: bool = False) -> Asked:
    """Fold accents, correct typing errors. `names`: look at nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT catalog_plain(%s), coalesce(catalog_query(%s, %s)::text, '')",
            [said, said, names],
        )
        plain, query = cursor.fetchone()
    return Asked(plain, query)


def _query(asked: Asked) -> SearchQuery:
    return SearchQuery(asked.query, search_type="raw", config="simple")


class _Rank(Func):
    """How well the words fit, names before people, people before genres and descriptions."""

    function = "ts_rank"
    template = "%(function)s('{0.05,0.2,0.5,1}', %(expressions)s)"
    output_field = FloatField()


def _score(asked: Asked, *, through: str, known: Any = None) -> Cast:
    """A whole number, so that a cursor can name it. Being well known decides among equals."""
    name = F(f"{through}name")
    exact = Case(When(**{f"{through}name": asked.plain}, then=2.0), default=0.0)
    begins = Case(When(**{f"{through}name__startswith": asked.plain}, then=0.5), default=0.0)
    rank = _Rank(F(f"{through}document"), _query(asked))
    # Of two names with the word in them, the shorter is more of it.
    brief = 0.5 / (4.0 + Func(name, function="length", output_field=FloatField()))
    total = rank + exact + begins + brief
    if known is not None:
        total += Ln(1.0 + Cast(known, FloatField())) / 200.0
    return Cast(total * 1_000_000.0, IntegerField())


def movies_found(asked: Asked, *, now: datetime, country: str) -> MovieQuerySet:
    """Films, shorts and episodes with those words, each with its `score`; order by `BEST`."""
    films = movies_listed(now=now, country=country)
    found = films.filter(words__document=_query(asked))
    scored: MovieQuerySet = found.annotate(
        score=_score(asked, through="words__", known=F("view_count"))
    )
    scored = scored.select_related("category", "season__series")
    return scored if asked.query else scored.none()


def series_found(asked: Asked, *, now: datetime, country: str) -> list[Series]:
    """The best few."""
    if not asked.query:
        return []
    found = series_listed(now=now, country=country)
    found = found.filter(words__document=_query(asked))
    return list(
        found.annotate(score=_score(asked, through="words__")).order_by(*BEST)[:SERIES_FOUND]
    )


# ── Type-ahead ──────────────────────────────────────────────────────────────────────────


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


def suggestions(said: str, *, now: datetime, country: str) -> list[Suggestion]:
    """At most eight names: those that begin so, then those with the words or nearly them."""
    asked = search_read(said, names=True)
    if not asked.plain:
        return []
    shown = _shown(now=now, country=country)
    rows = list(_best(shown.filter(name__startswith=asked.plain), asked)[:SUGGESTIONS])
    if len(rows) < SUGGESTIONS and asked.query:
        fitting = shown.filter(document=_query(asked))
        known = {row.pk for row in rows}
        rows += [row for row in _best(fitting, asked)[:SUGGESTIONS] if row.pk not in known]
    return [_suggestion(row) for row in rows[:SUGGESTIONS]]


def _shown(*, now: datetime, country: str) -> QuerySet[Findable]:
    """Names that lead to something that can be watched then and there."""
    here = listed_where(now=now, country=country)
    part = Credit.objects.filter(
        listed_where(now=now, country=country, through="movie__"), person=OuterRef("person")
    )
    episode = Movie.objects.filter(here, season__series=OuterRef("series"))
    movie = Movie.objects.filter(here, pk=OuterRef("movie"))
    rows = Findable.objects.filter(
        Q(Exists(movie))
        | Q(Q(series__published=True) & Exists(episode))
        | Q(Q(person__isnull=False) & Exists(part))
    )
    return rows.select_related("movie", "series", "person").only(
        "name", "movie__slug", "movie__title", "series__slug", "series__title", "person__slug",
        "person__name",
    )  # fmt: skip


def _best(rows: QuerySet[Findable], asked: Asked) -> QuerySet[Findable]:
    known = Coalesce("movie__view_count", "series__follower_count", "person__follower_count")
    score = _score(asked, through="", known=known)
    return rows.annotate(score=score).order_by(*BEST)


def _suggestion(row: Findable) -> Suggestion:
    if row.movie:
        return Suggestion(SuggestionKind.MOVIE, row.movie.pk, row.movie.slug, row.movie.title)
    if row.series:
        return Suggestion(SuggestionKind.SERIES, row.series.pk, row.series.slug, row.series.title)
    person = cast(Person, row.person)  # a constraint: words are of one thing
    return Suggestion(SuggestionKind.PERSON, person.pk, person.slug, person.name)
