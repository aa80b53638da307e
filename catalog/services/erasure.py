"""Removal of an erased person's rows, and of their share in the counters.

Each function takes the keys of one batch of rows and is one transaction: an erasure that is
interrupted leaves every counter right.
"""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db import transaction

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
from catalog.services.counters import count_add, keys_lock
from catalog.services.ratings import stars_add

FOLLOWED = {"series_id": Series, "person_id": Person, "category_id": Category}


@transaction.atomic
def favorites_forget(keys: list[Any]) -> None:
    rows = Favorite.objects.filter(pk__in=keys)
    keys_lock(Movie, rows.values_list("movie_id", flat=True))
    movies = list(rows.values_list("movie_id", flat=True))
    rows.delete()
    count_add(Movie.objects.filter(pk__in=movies), "favorite_count", -1)


@transaction.atomic
def ratings_forget(keys: list[Any]) -> None:
    rows = Rating.objects.filter(pk__in=keys)
    keys_lock(Movie, rows.values_list("movie_id", flat=True))
    by_stars: dict[int, list[UUID]] = defaultdict(list)
    for movie_id, stars in rows.values_list("movie_id", "stars"):
        by_stars[stars].append(movie_id)
    rows.delete()
    for stars, movies in by_stars.items():
        stars_add(Movie.objects.filter(pk__in=movies), stars=-stars, count=-1)


@transaction.atomic
def likes_forget(keys: list[Any]) -> None:
    rows = CommentLike.objects.filter(pk__in=keys)
    keys_lock(Comment, rows.values_list("comment_id", flat=True))
    comments = list(rows.values_list("comment_id", flat=True))
    rows.delete()
    count_add(Comment.objects.filter(pk__in=comments), "like_count", -1)


@transaction.atomic
def follows_forget(keys: list[Any]) -> None:
    rows = Follow.objects.filter(pk__in=keys)
    for column, model in FOLLOWED.items():
        of_kind = rows.exclude(**{column: None})
        keys_lock(model, of_kind.values_list(column, flat=True))
        followed = list(of_kind.values_list(column, flat=True))
        of_kind.delete()
        manager: Any = model._default_manager
        count_add(manager.filter(pk__in=followed), "follower_count", -1)
