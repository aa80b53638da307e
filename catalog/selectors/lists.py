"""Reads of viewers' lists: favourites, ratings, comments and follows."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.models import Comment, Favorite, Follow, Movie, Rating
from catalog.selectors.slugs import uuid_or_none
from kushfilms.core.db.keyset import KeysetList
from kushfilms.core.db.prepared import STAND_IN_ID, PreparedObjects
from kushfilms.core.errors import NotFound

LATEST = ("-created_at", "-id")
RATED_LATEST = ("-updated_at", "-id")
REVIEWS_SHOWN = 4
# Columns of a card, from a row that points at the film. Half the cost of such a list is naming all
# columns of a film in SQL.
CARD = (
    "kind",
    "title",
    "slug",
    "description",
    "year",
    "duration",
    "rating",
    "rating_count",
    "language",
    "country",
    "genres",
    "thumbnail_key",
    "poster_key",
    "access_level",
    "age_rating",
    "published_at",
    "category__name",
    "category__slug",
)
FILM_CARD = tuple(f"movie__{name}" for name in CARD)


def favorites_of(user_id: UUID) -> QuerySet[Favorite]:
    """Return a viewer's favourites that are published; others return with their film."""
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
    """Return rows of published films with the columns of their cards and these `own` columns."""
    public = rows.filter(movie__published=True).select_related("movie__category")
    return public.only(*own, *FILM_CARD)


def reviews_of(movie: Movie) -> QuerySet[Rating]:
    """Return a film's ratings with a visible review."""
    written = Rating.objects.filter(movie=movie, hidden=False).exclude(review="")
    return written.select_related("user")


def reviews_latest(movie: Movie) -> list[Rating]:
    """Return the latest reviews, for the film's page."""
    return _LATEST_REVIEWS.objects(movie_id=movie.pk)


_LATEST_REVIEWS = PreparedObjects(
    lambda movie_id: (
        reviews_of(Movie(pk=movie_id))
        .order_by(*LATEST)
        .only("stars", "review", "user__name")[:REVIEWS_SHOWN]
    ),
    movie_id=STAND_IN_ID,
)


def rating_get(rating_id: UUID) -> Rating:
    """Return a rating for staff, hidden or not. Raises NotFound."""
    found = Rating.objects.select_related("user", "movie").filter(pk=rating_id).first()
    if found is None:
        raise NotFound("There is no such rating.")
    return found


def comments_by(user_id: UUID) -> QuerySet[Comment]:
    """Return one person's comments that they have not deleted."""
    comments = Comment.objects.filter(user_id=user_id, deleted_at=None, movie__published=True)
    return comments.select_related("movie", "user", "reply_to__user")


def follows_of(user_id: UUID) -> QuerySet[Follow]:
    """Return a viewer's follows of series, people and categories that are public."""
    public = Q(series__published=True) | Q(category__active=True) | Q(person__isnull=False)
    follows = Follow.objects.filter(public, user_id=user_id)
    return follows.select_related("series", "person", "category")


def movie_of(user_id: UUID, reference: str, *, rows: QuerySet[Any]) -> Movie:
    """Return a published film, or one in which this user has one of `rows`.

    A user may remove their own row of a film that is no longer published.

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
