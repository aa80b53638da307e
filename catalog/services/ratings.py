"""Ratings: stars, with or without a review. `Movie.rating` is the mean of all stars.

The old stars are read from the rating's row, locked together with its film: of two ratings by one
person at once the second sees the first.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import DecimalField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf, Round

from accounts.services.audit import audit_write
from catalog.models import Movie, Rating
from catalog.services.counters import movie_lock, writer_get
from catalog.services.text import viewer_text_clean
from kushfilms.core.errors import WrongState

LONGEST_REVIEW = 2000
WHOLE = DecimalField(max_digits=20, decimal_places=0)
MEAN = DecimalField(max_digits=3, decimal_places=2)


@transaction.atomic
def rating_set(movie: Movie, *, user_id: UUID, stars: int, review: str | None = None) -> Rating:
    """Rate a film, or change the rating. `review` None keeps the review, "" removes it.

    Raises:
        InvalidInput: the review is too long, or has no visible text.
        NotFound: the film was deleted.
        Denied: `banned` since the request began.
    """
    text = review
    if review:
        text = viewer_text_clean(review, field="review", longest=LONGEST_REVIEW)
    movie_lock(movie.pk, public=True)
    writer_get(user_id)
    existing = Rating.objects.filter(user_id=user_id, movie=movie).first()
    if existing is None:
        given = Rating(user_id=user_id, movie=movie, stars=stars, review=text or "")
        given.save(force_insert=True)
        stars_add(Movie.objects.filter(pk=movie.pk), stars=stars, count=1)
    else:
        given = existing
        before = existing.stars
        given.stars = stars
        given.review = existing.review if text is None else text
        given.save(update_fields=["stars", "review", "updated_at"])
        stars_add(Movie.objects.filter(pk=movie.pk), stars=stars - before, count=0)
    movie.refresh_from_db(fields=["rating", "rating_count"])
    return given


@transaction.atomic
def rating_remove(movie: Movie, *, user_id: UUID) -> None:
    """Remove a rating and its review; does nothing where there is none. Raises NotFound."""
    movie_lock(movie.pk)
    existing = Rating.objects.filter(user_id=user_id, movie=movie).first()
    if existing is not None:
        existing.delete()
        stars_add(Movie.objects.filter(pk=movie.pk), stars=-existing.stars, count=-1)


def stars_add(movies: QuerySet[Movie], *, stars: int, count: int) -> None:
    """Add stars and people to the films' sums, negative to subtract, and update the mean."""
    total = F("rating_sum") + stars
    people = F("rating_count") + count
    mean = Cast(total, WHOLE) / NullIf(Cast(people, WHOLE), Value(0, output_field=WHOLE))
    rounded = Coalesce(Round(mean, precision=2), Value(0), output_field=MEAN)
    movies.update(rating_sum=total, rating_count=people, rating=rounded)


@transaction.atomic
def rating_hide(rating: Rating, *, reason: str) -> Rating:
    """Hide a review; its stars still count. Raises WrongState."""
    reason = reason.strip()[:500]
    shown = Rating.objects.filter(pk=rating.pk, hidden=False)
    if not shown.update(hidden=True, hidden_reason=reason):
        raise WrongState("This review is hidden already.", code="hidden")
    audit_write("rating.hide", rating, old={"hidden": False}, new={"hidden": True}, reason=reason)
    rating.refresh_from_db()
    return rating


@transaction.atomic
def rating_restore(rating: Rating) -> Rating:
    """Show a review again. Raises WrongState when it is not hidden."""
    if not Rating.objects.filter(pk=rating.pk, hidden=True).update(hidden=False, hidden_reason=""):
        raise WrongState("This review is not hidden.", code="not_hidden")
    audit_write("rating.restore", rating, old={"hidden": True}, new={"hidden": False})
    rating.refresh_from_db()
    return rating
