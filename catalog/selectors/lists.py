"""Reads of what a viewer keeps and says."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.models import Comment, Favorite, Follow, Movie, Rating
from catalog.selectors.slugs import uuid_or_none
from kushfilms.core.db.keyset import KeysetList
from kushfilms.core.db.prepared import STAND_IN_ID
from kushfilms.core.errors import NotFound

LATEST = ("-created_at", "-id")
RATED_LATEST = ("-updated_at", "-id")
# What a card shows, seen from a row that points at the film. Half of what such a list costs is
# putting the names of a film's many columns into SQL.
CARD = (
    "kind", "title", "slug", "description", "year", "duration", "rating", "rating_count",
    "language", "country", "genres", "thumbnail_key", "poster_key", "access_level", "age_rating",
    "published_at", "category__name", "category__slug",
)  # fmt: skip
FILM_CARD = tuple(f"movie__{name}" for name in CARD)


def favorites_of(user_id: UUID) -> QuerySet[Favorite]:
    """What they keep and can still open; the rest comes back with its film."""
    return with_cards(Favorite.objects.filter(user_id=user_id), "created_at")


FAVORITES = KeysetList(
    favorites_of,
    columns=("id", "movie_id", "created_at"),
    ordering=LATEST,
    user_id=STAND_IN_ID,
)


def ratings_of(user_id: UUID) -> QuerySet[Rating]:
    shown = ("stars", "review", "hidden", "updated_at")
    return with_cards(Rating.objects.filter(user_id=user_id), *shown)


def with_cards(rows: QuerySet[Any], *own: str) -> QuerySet[Any]:
    """Rows of public films with their cards, and of their `own` columns these."""
    public = rows.filter(movie__published=True).select_related("movie__category")
    return public.only(*own, *FILM_CARD)


def reviews_of(movie: Movie) -> QuerySet[Rating]:
    """Stars with words that everybody may read."""
    written = Rating.objects.filter(movie=movie, hidden=False).exclude(review="")
    return written.select_related("user")


def rating_get(rating_id: UUID) -> Rating:
    """For staff: hidden or not. Raises NotFound."""
    found = Rating.objects.select_related("user", "movie").filter(pk=rating_id).first()
    if found is None:
        raise NotFound("There is no such rating.")
    return found


def comments_by(user_id: UUID) -> QuerySet[Comment]:
    """What one person said and has not taken back, seen by themselves."""
    comments = Comment.objects.filter(user_id=user_id, deleted_at=None, movie__published=True)
    return comments.select_related("movie", "user", "reply_to__user")


def follows_of(user_id: UUID) -> QuerySet[Follow]:
    """What they follow, but for what is off the site."""
    public = Q(series__published=True) | Q(category__active=True) | Q(person__isnull=False)
    follows = Follow.objects.filter(public, user_id=user_id)
    return follows.select_related("series", "person", "category")


def movie_of(user_id: UUID, reference: str, *, rows: QuerySet[Any]) -> Movie:
    """A public film, or one that this person has a row of: what is theirs they may take away.

    Raises:
        NotFound: neither.
    """
    wanted = Q(slug=reference)
    if movie_id := uuid_or_none(reference):
        wanted |= Q(pk=movie_id)
    has_row = Exists(rows.filter(user_id=user_id, movie=OuterRef("pk")))
    found = Movie.objects.filter(wanted).filter(Q(published=True) | has_row).first()
    if found is None:
        raise NotFound("There is no such film.")
    return found
