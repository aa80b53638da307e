"""Viewers' lists: favourites, ratings, liked comments and follows."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.models.categories import Category
from catalog.models.comments import Comment
from catalog.models.films import Movie
from catalog.models.people import Person
from catalog.models.series import Series
from kushfilms.core.models import TimestampedModel, UUIDModel


class Favorite(UUIDModel):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favorites"
    )
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="favorites")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "movie"], name="one_favorite_a_film"),
        ]
        indexes = [
            # A viewer's list, latest first; the cursor ends in the id.
            models.Index(fields=["user", "-created_at", "-id"], name="favorite_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} keeps {self.movie_id}"


class Rating(UUIDModel, TimestampedModel):
    """Stars, with or without a review. `Movie.rating` and `rating_count` are mean and number."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ratings"
    )
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="ratings")
    stars = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    review = models.TextField(blank=True, max_length=2000)
    hidden = models.BooleanField(default=False)  # hides the review; the stars still count
    hidden_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "movie"], name="one_rating_a_film"),
            models.CheckConstraint(
                condition=Q(stars__gte=1) & Q(stars__lte=5), name="one_to_five_stars"
            ),
        ]
        indexes = [
            # A film's reviews, newest first; the cursor ends in the id.
            models.Index(
                fields=["movie", "-created_at", "-id"],
                name="review_of_movie",
                condition=Q(hidden=False) & ~Q(review=""),
            ),
            # One person's ratings, latest first.
            models.Index(fields=["user", "-updated_at", "-id"], name="rating_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.stars} of 5 for {self.movie_id}"


class CommentLike(UUIDModel):
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="likes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comment_likes"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "user"], name="one_like_a_comment"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} likes {self.comment_id}"


class Follow(UUIDModel):
    """A viewer who is notified of new films of a series, person (mostly a VJ) or category."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows"
    )
    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, null=True, blank=True, related_name="followers"
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="followers"
    )
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, null=True, blank=True, related_name="followers"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(series__isnull=False, person=None, category=None)
                | Q(series=None, person__isnull=False, category=None)
                | Q(series=None, person=None, category__isnull=False),
                name="follow_is_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["user", "series", "person", "category"],
                nulls_distinct=False,
                name="one_follow_a_thing",
            ),
        ]
        indexes = [
            # One person's follows, latest first.
            models.Index(fields=["user", "-created_at", "-id"], name="follow_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.series or self.person or self.category}"
