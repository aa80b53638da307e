"""API of ratings: `movies/:id/rate`, `movies/:id/reviews`, `users/ratings`, `admin/ratings`."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, needs, principal
from catalog.api.comment_serializers import AuthorOutput
from catalog.api.report_serializers import HideInput
from catalog.api.serializers import MovieCard
from catalog.models import Rating
from catalog.selectors import movie_get
from catalog.selectors.lists import (
    LATEST,
    RATED_LATEST,
    movie_of,
    rating_get,
    ratings_of,
    reviews_of,
)
from catalog.services.ratings import (
    LONGEST_REVIEW,
    rating_hide,
    rating_remove,
    rating_restore,
    rating_set,
)
from kushfilms.core.api.fields import ParagraphsField
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.public_read import PublicRead
from kushfilms.core.api.throttles import limited
from kushfilms.core.api.validation import validated


class RateInput(serializers.Serializer[Any]):
    rating = serializers.IntegerField(min_value=1, max_value=5)
    review = ParagraphsField(
        max_length=LONGEST_REVIEW,
        required=False,
        allow_null=True,
        allow_blank=True,
        default=None,
        help_text="Without it the earlier review stays; an empty one removes it.",
    )


class MovieMeanOutput(serializers.Serializer[Any]):
    rating = serializers.FloatField()
    ratingCount = serializers.IntegerField(source="rating_count")


class RatedOutput(serializers.Serializer[Any]):
    rating = serializers.IntegerField(source="stars")
    review = serializers.CharField()
    movie = MovieMeanOutput()


class ReviewOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    rating = serializers.IntegerField(source="stars")
    review = serializers.CharField()
    author = AuthorOutput(source="user")
    createdAt = serializers.DateTimeField(source="created_at")
    updatedAt = serializers.DateTimeField(source="updated_at")


class OwnRatingOutput(serializers.Serializer[Any]):
    movie = MovieCard()
    rating = serializers.IntegerField(source="stars")
    review = serializers.CharField()
    hidden = serializers.BooleanField(help_text="A moderator has hidden the review.")
    updatedAt = serializers.DateTimeField(source="updated_at")


class ModeratedRatingOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    rating = serializers.IntegerField(source="stars")
    review = serializers.CharField()
    hidden = serializers.BooleanField()
    hiddenReason = serializers.CharField(source="hidden_reason")


class RateView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("ratings")]

    @extend_schema(
        summary="Rate a film",
        description="One to five stars, with or without a review. Replaces your earlier rating.",
        request=RateInput,
        responses=RatedOutput,
    )
    def post(self, request: Request, reference: str) -> Response:
        values = validated(RateInput, request)
        rating = rating_set(
            movie_get(reference),
            user_id=principal(request).user_id,
            stars=values["rating"],
            review=values["review"],
        )
        return Response(RatedOutput(rating).data)

    @extend_schema(
        summary="Remove your rating",
        description="Removes stars and review. Idempotent.",
        responses={204: None},
    )
    def delete(self, request: Request, reference: str) -> Response:
        me = principal(request).user_id
        rating_remove(movie_of(me, reference, rows=Rating.objects.all()), user_id=me)
        return Response(status=204)


@extend_schema_view(
    get=extend_schema(
        summary="List the reviews of a film",
        description="Ratings with a review, newest first.",
    )
)
class ReviewListView(PublicRead, ListAPIView[Rating]):
    serializer_class = ReviewOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []
    throttle_classes = [limited("movies")]

    def get_queryset(self) -> QuerySet[Rating]:
        if getattr(self, "swagger_fake_view", False):  # the schema has no film
            return Rating.objects.none()
        return reviews_of(movie_get(self.kwargs["reference"]))

    def get_ordering(self) -> tuple[str, ...]:
        return LATEST


@extend_schema_view(
    get=extend_schema(
        summary="List your ratings",
        description="Your ratings of published films, latest first.",
        operation_id="users_ratings_list",
    )
)
class OwnRatingListView(ListAPIView[Rating]):
    permission_classes = [SignedIn]
    serializer_class = OwnRatingOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Rating]:
        if getattr(self, "swagger_fake_view", False):  # the schema is generated without a user
            return Rating.objects.none()
        return ratings_of(principal(self.request).user_id)

    def get_ordering(self) -> tuple[str, ...]:
        return RATED_LATEST


class RatingHideView(APIView):
    permission_classes = [needs("catalog.hide_rating")]

    @extend_schema(
        summary="Hide a review",
        description="The stars still count. 409 `hidden` when it is hidden already.",
        request=HideInput,
        responses=ModeratedRatingOutput,
    )
    def post(self, request: Request, rating_id: UUID) -> Response:
        reason: str = validated(HideInput, request)["reason"]
        rating = rating_hide(rating_get(rating_id), reason=reason)
        return Response(ModeratedRatingOutput(rating).data)


class RatingRestoreView(APIView):
    permission_classes = [needs("catalog.hide_rating")]

    @extend_schema(
        summary="Show a hidden review again",
        description="409 `not_hidden` when it is not hidden.",
        request=None,
        responses=ModeratedRatingOutput,
    )
    def post(self, request: Request, rating_id: UUID) -> Response:
        return Response(ModeratedRatingOutput(rating_restore(rating_get(rating_id))).data)
