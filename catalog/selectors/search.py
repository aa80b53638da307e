"""Finding by words. What a query means is worked out in the database (migration 0011)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    F,
    FloatField,
    Func,
    IntegerField,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Ln

from catalog.models import Movie, MovieQuerySet, Series
from catalog.selectors.films import movies_listed
from catalog.selectors.series import series_listed
from kushfilms.core.db.prepared import STAND_IN_AUDIENCE, Prepared

LONGEST_QUERY = 200
# By how well it fits; the id so that every film has one place.
BEST = ("-score", "-id")
SERIES_FOUND = 6


@dataclass(frozen=True)
class Asked:
    """`plain` is what was typed, folded; `query` a tsquery, empty when there is no word in it."""

    plain: str
    query: str
    series: bool = True  # whether there may be series with these words


# Nothing that anybody could type, or that stands in a query of ours.
STAND_IN = Asked("\x01 plain", "'\x01query'")
STAND_INS = {
    "plain": STAND_IN.plain,
    "query": STAND_IN.query,
    **STAND_IN_AUDIENCE,
}


# That no series fits, as is mostly so, is cheaper found out here than by asking for them.
READ = """
SELECT catalog_plain($1), coalesce(query::text, ''), EXISTS (
  SELECT FROM catalog_findable WHERE series_id IS NOT NULL AND document @@ query)
FROM (SELECT catalog_query($1, $2) AS query OFFSET 0) AS asked
"""


def search_read(said: str, *, names: bool = False) -> Asked:
    """Fold accents, correct typing errors. `names`: look at nothing else."""
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]  # our engine's
        cursor.execute(READ, [said, names])
        plain, query, series = cursor.fetchone()
    return Asked(plain, query, series)


def words_of(asked: Asked) -> SearchQuery:
    return SearchQuery(asked.query, search_type="raw", config="simple")


class _Rank(Func):
    """How well the words fit, names before people, people before genres and descriptions."""

    function = "ts_rank"
    template = "%(function)s('{0.05,0.2,0.5,1}', %(expressions)s)"
    output_field = FloatField()


class StartsWith(Func):
    """`LIKE` without its wildcards, so that what was typed reaches the query as it is."""

    function = "starts_with"
    output_field = BooleanField()


def score(asked: Asked, *, through: str, known: Any = None, begun: float = 0.5) -> Cast:
    """A whole number, so that a cursor can name it. Being well known decides among equals."""
    name = F(f"{through}name")
    exact = Case(When(**{f"{through}name": asked.plain}, then=2.0), default=0.0)
    begins = Case(When(StartsWith(name, Value(asked.plain)), then=begun), default=0.0)
    rank = _Rank(F(f"{through}document"), words_of(asked))
    # Of two names with the word in them, the shorter is more of it.
    brief = 0.5 / (4.0 + Func(name, function="length", output_field=FloatField()))
    total = rank + exact + begins + brief
    if known is not None:
        total += Ln(1.0 + Cast(known, FloatField())) / 200.0
    return Cast(total * 1_000_000.0, IntegerField())


def movies_found(asked: Asked, *, now: datetime, country: str) -> MovieQuerySet:
    """Films, shorts and episodes with those words, each with its `score`; order by `BEST`."""
    films = movies_listed(now=now, country=country)
    found = films.filter(words__document=words_of(asked))
    scored: MovieQuerySet = found.annotate(
        score=score(asked, through="words__", known=F("view_count"))
    )
    scored = scored.select_related("category", "season__series")
    return scored if asked.query else scored.none()


def series_found(asked: Asked, *, now: datetime, country: str) -> list[Series]:
    """The best few."""
    if not (asked.query and asked.series):
        return []
    rows = _SERIES.rows(plain=asked.plain, query=asked.query, now=now, country=country)
    if not rows:
        return []
    known = Series.objects.select_related("category").in_bulk([row[0] for row in rows])
    return [known[row[0]] for row in rows]


def _series(*, plain: str, query: str, now: datetime, country: str) -> QuerySet[Series, Any]:
    asked = Asked(plain, query)
    found = series_listed(now=now, country=country).filter(words__document=words_of(asked))
    scored = found.annotate(score=score(asked, through="words__"))
    return scored.order_by(*BEST).values_list("pk", "score")[:SERIES_FOUND]


_SERIES = Prepared(_series, **STAND_INS)


def movies_with(*, plain: str, query: str, now: datetime, country: str) -> QuerySet[Movie]:
    """`movies_found` of an `Asked` in parts, for a `KeysetList` with `STAND_INS`."""
    return movies_found(Asked(plain, query), now=now, country=country)
