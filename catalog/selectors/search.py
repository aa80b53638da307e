"""Full-text search. The database interprets the query (migrations 0022 and 0026)."""

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
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Ln

from catalog.models import Movie, MovieQuerySet, Series
from catalog.selectors.films import movies_listed
from catalog.selectors.series import series_listed
from kushfilms.core.db.prepared import STAND_IN_AUDIENCE, Prepared

LONGEST_QUERY = 200
# By rank; the id makes the order unique.
BEST = ("-score", "-id")
SERIES_FOUND = 6
# Of a query that more films match than this, only the most promising ones are ranked.
MOST_RANKED = 100


@dataclass(frozen=True)
class ParsedQuery:
    """`plain` is the folded text, `query` a tsquery, empty when the text has no word.

    `best` is an array of the rows of `Findable` to rank, in PostgreSQL's writing.
    """

    plain: str
    query: str
    series: bool = True  # whether series with these words may exist
    best: str = "{}"


# Placeholder values that no request and no statement of ours contains.
STAND_IN = ParsedQuery("\x01 plain", "'\x01query'", best="\x01best")
STAND_INS = {
    "plain": STAND_IN.plain,
    "query": STAND_IN.query,
    **STAND_IN_AUDIENCE,
}


# Mostly no series matches, which is cheaper to find out here than by a query of its own.
READ = """
SELECT plain, coalesce(query::text, ''),
  EXISTS (SELECT FROM catalog_findable WHERE series_id IS NOT NULL AND document @@ query),
  CASE WHEN $2 THEN '{}' ELSE coalesce(catalog_best(plain, query, $3)::text, '{}') END
FROM (SELECT catalog_plain($1) AS plain, catalog_query($1, $2) AS query OFFSET 0) AS asked
"""


def query_parse(text: str, *, names: bool = False) -> ParsedQuery:
    """Fold accents and correct typing errors. `names` corrects towards names only."""
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]  # our engine's
        cursor.execute(READ, [text, names, MOST_RANKED])
        return ParsedQuery(*cursor.fetchone())


class _ReadTsquery(SearchQuery):
    """A tsquery that is parsed once, where `to_tsquery` would be called for each row."""

    template = "%(expressions)s::tsquery"


def tsquery_of(parsed: ParsedQuery) -> SearchQuery:
    return _ReadTsquery(parsed.query, search_type="raw")


class _Rank(Func):
    """Rank of a match: names above people, people above genres and descriptions."""

    function = "ts_rank"
    template = "%(function)s('{0.05,0.2,0.5,1}', %(expressions)s)"
    output_field = FloatField()


class StartsWith(Func):
    """`LIKE` without wildcards, so that the text reaches the query unchanged."""

    function = "starts_with"
    output_field = BooleanField()


def score(
    parsed: ParsedQuery, *, through: str, popularity: Any = None, prefix_bonus: float = 0.5
) -> Cast:
    """Return the rank as an integer, which a cursor can hold.

    `popularity` decides between equal matches.
    """
    name = F(f"{through}name")
    exact = Case(When(**{f"{through}name": parsed.plain}, then=2.0), default=0.0)
    begins = Case(When(StartsWith(name, Value(parsed.plain)), then=prefix_bonus), default=0.0)
    rank = _Rank(F(f"{through}document"), tsquery_of(parsed))
    # Of two names with the word in them, the shorter one matches better.
    brief = 0.5 / (4.0 + Func(name, function="length", output_field=FloatField()))
    total = rank + exact + begins + brief
    if popularity is not None:
        total += Ln(1.0 + Cast(popularity, FloatField())) / 200.0
    return Cast(total * 1_000_000.0, IntegerField())


def movies_found(parsed: ParsedQuery, *, now: datetime, country: str) -> MovieQuerySet:
    """Return films, shorts and episodes that match, each with its `score`; order by `BEST`."""
    films = movies_listed(now=now, country=country)
    found: MovieQuerySet = films.filter(words__document=tsquery_of(parsed))
    return _scored(found, parsed)


def movies_best(parsed: ParsedQuery, *, now: datetime, country: str) -> MovieQuerySet:
    """Return what `movies_found` returns; of very many matches the most promising ones.

    Its cost does not grow with the number of matches, but it cannot be filtered further.
    """
    films = movies_listed(now=now, country=country)
    best = RawSQL("SELECT unnest(%s::bigint[])", [parsed.best])
    found: MovieQuerySet = films.filter(words__in=best)
    return _scored(found, parsed)


def _scored(found: MovieQuerySet, parsed: ParsedQuery) -> MovieQuerySet:
    scored: MovieQuerySet = found.annotate(
        score=score(parsed, through="words__", popularity=F("view_count"))
    )
    scored = scored.select_related("category", "season__series")
    return scored if parsed.query else scored.none()


def series_found(parsed: ParsedQuery, *, now: datetime, country: str) -> list[Series]:
    """Return the best few series that match."""
    if not (parsed.query and parsed.series):
        return []
    rows = _SERIES.rows(plain=parsed.plain, query=parsed.query, now=now, country=country)
    if not rows:
        return []
    popularity = Series.objects.select_related("category").in_bulk([row[0] for row in rows])
    return [popularity[row[0]] for row in rows]


def _series(*, plain: str, query: str, now: datetime, country: str) -> QuerySet[Series, Any]:
    parsed = ParsedQuery(plain, query)
    found = series_listed(now=now, country=country).filter(words__document=tsquery_of(parsed))
    scored = found.annotate(score=score(parsed, through="words__"))
    return scored.order_by(*BEST).values_list("pk", "score")[:SERIES_FOUND]


_SERIES = Prepared(_series, **STAND_INS)


def movies_by_query(
    *, plain: str, query: str, best: str, now: datetime, country: str
) -> QuerySet[Movie]:
    """Return `movies_best` for the parts of a `ParsedQuery`, for a `KeysetList`."""
    return movies_best(ParsedQuery(plain, query, best=best), now=now, country=country)
