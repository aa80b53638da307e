"""Recomputation of every counter from its rows.

Differences are found without a lock, all at once. Each is then counted again with its row locked,
as every writer locks it, so that a counter that only changed in between is left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import (
    Category,
    Comment,
    CommentLike,
    Favorite,
    Follow,
    Movie,
    Person,
    Rating,
    Series,
)
from catalog.services.counters import key_lock


@dataclass(frozen=True)
class Difference:
    row: models.Model
    column: str
    was: Any
    now: Any


@dataclass(frozen=True)
class Counted:
    """A counter: `column` of `model` is `base` plus the number of `rows` that `link` here."""

    model: type[models.Model]
    column: str
    rows: QuerySet[Any]
    link: str
    add: models.Aggregate = Count("pk")  # noqa: RUF009  never changed
    base: str = ""

    def truth(self) -> Any:
        pointing_here = self.rows.filter(**{self.link: OuterRef("pk")}).order_by().values(self.link)
        found = Subquery(pointing_here.annotate(found=self.add).values("found"))
        counted = Coalesce(found, 0, output_field=models.BigIntegerField())
        return counted + F(self.base) if self.base else counted


COUNTS = (
    Counted(Movie, "favorite_count", Favorite.objects.all(), "movie"),
    Counted(Movie, "comment_count", Comment.objects.visible(), "movie"),
    # Imported ratings have no rows, and are part of the counter.
    Counted(Movie, "rating_count", Rating.objects.all(), "movie", base="base_rating_count"),
    Counted(
        Movie, "rating_sum", Rating.objects.all(), "movie", Sum("stars"), base="base_rating_sum"
    ),
    Counted(Comment, "like_count", CommentLike.objects.all(), "comment"),
    Counted(Series, "follower_count", Follow.objects.all(), "series"),
    Counted(Person, "follower_count", Follow.objects.all(), "person"),
    Counted(Category, "follower_count", Follow.objects.all(), "category"),
)


def everything_recount() -> Iterator[Difference]:
    """Correct every wrong counter, and yield each as it is corrected."""
    for counted in COUNTS:
        manager: Any = counted.model._default_manager
        differing = manager.annotate(truth=counted.truth()).exclude(**{counted.column: F("truth")})
        for pk in list(differing.values_list("pk", flat=True)):
            if difference := _correct(counted, manager.filter(pk=pk)):
                yield difference
    for pk in list(Movie.objects.filter(_mean_differs()).values_list("pk", flat=True)):
        if difference := _mean_correct(Movie.objects.filter(pk=pk)):
            yield difference


@transaction.atomic
def _correct(counted: Counted, rows: QuerySet[Any]) -> Difference | None:
    if not key_lock(rows):
        return None
    row = rows.annotate(truth=counted.truth()).get()
    was = getattr(row, counted.column)
    if was == row.truth:
        return None
    rows.update(**{counted.column: row.truth})
    return Difference(row, counted.column, was, row.truth)


def _mean_differs() -> Q:
    """Return the condition that the mean differs by more than rounding.

    A film without ratings of its own keeps the mean it was imported with.
    """
    rated_here = Q(rating_count__gt=F("base_rating_count"))
    exact = F("rating") * F("rating_count")
    half = F("rating_count") * Decimal("0.0051")
    return rated_here & (Q(rating_sum__gt=exact + half) | Q(rating_sum__lt=exact - half))


@transaction.atomic
def _mean_correct(rows: QuerySet[Movie]) -> Difference | None:
    if not key_lock(rows.filter(_mean_differs())):
        return None
    movie = rows.get()
    mean = Decimal(movie.rating_sum) / max(movie.rating_count, 1)
    now = mean.quantize(Decimal("0.01"), ROUND_HALF_UP)
    rows.update(rating=now)
    return Difference(movie, "rating", movie.rating, now)
