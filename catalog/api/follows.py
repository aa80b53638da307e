"""API of follows and shares: `users/follows` and `movies/:id/share`."""

import time
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from catalog.models import Follow
from catalog.selectors import movie_get
from catalog.selectors.lists import LATEST, follows_of
from catalog.services.follows import FOLLOWABLE, follow_add, follow_remove
from catalog.services.shares import ShareChannel, Sharer, movie_share
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.throttles import limited
from kushfilms.core.api.validation import validated
from kushfilms.core.client_ids import client_of


class FollowOutput(serializers.Serializer[Any]):
    """`kind` and `slug` are those of `users/follows/:kind/:slug`."""

    id = serializers.UUIDField()
    kind = serializers.SerializerMethodField()
    slug = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()
    createdAt = serializers.DateTimeField(source="created_at")

    def _followed(self, follow: Follow) -> tuple[str, Any]:
        candidates = (
            (kind, getattr(follow, followable.column)) for kind, followable in FOLLOWABLE.items()
        )
        return next((kind, followed) for kind, followed in candidates if followed is not None)

    def get_kind(self, follow: Follow) -> str:
        return self._followed(follow)[0]

    def get_slug(self, follow: Follow) -> str:
        slug: str = self._followed(follow)[1].slug
        return slug

    def get_title(self, follow: Follow) -> str:
        return str(self._followed(follow)[1])


class FollowedOutput(serializers.Serializer[Any]):
    following = serializers.BooleanField()
    followerCount = serializers.IntegerField()


@extend_schema_view(
    get=extend_schema(
        summary="List what you follow",
        description="Series, people and categories, latest first.",
        operation_id="users_follows_list",
    )
)
class FollowListView(ListAPIView[Follow]):
    permission_classes = [SignedIn]
    serializer_class = FollowOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Follow]:
        if getattr(self, "swagger_fake_view", False):  # the schema is generated without a user
            return Follow.objects.none()
        return follows_of(principal(self.request).user_id)

    def get_ordering(self) -> tuple[str, ...]:
        return LATEST


# Each kind has a view of its own below.
class FollowView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("keeping")]
    kind = ""

    @extend_schema(
        description="You are notified of new films. Idempotent: 200 when you follow it already.",
        request=None,
        responses={200: FollowedOutput, 201: FollowedOutput},
    )
    def post(self, request: Request, slug: str) -> Response:
        me = principal(request).user_id
        count, created = follow_add(self.kind, slug, user_id=me, now=timezone.now())
        body = {"following": True, "followerCount": count}
        return Response(body, status=201 if created else 200)

    @extend_schema(description="Idempotent.", responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        follow_remove(self.kind, slug, user_id=principal(request).user_id)
        return Response(status=204)


@extend_schema_view(
    post=extend_schema(summary="Follow a series"),
    delete=extend_schema(summary="Unfollow a series"),
)
class SeriesFollowView(FollowView):
    kind = "series"


@extend_schema_view(
    post=extend_schema(summary="Follow a person"),
    delete=extend_schema(summary="Unfollow a person"),
)
class PersonFollowView(FollowView):
    kind = "people"


@extend_schema_view(
    post=extend_schema(summary="Follow a category"),
    delete=extend_schema(summary="Unfollow a category"),
)
class CategoryFollowView(FollowView):
    kind = "categories"


class ShareInput(serializers.Serializer[Any]):
    channel = serializers.ChoiceField(
        choices=ShareChannel.choices, required=False, default=ShareChannel.OTHER
    )


class SharedOutput(serializers.Serializer[Any]):
    shareCount = serializers.IntegerField()
    url = serializers.URLField()


class ShareView(APIView):
    throttle_classes = [limited("shares")]

    @extend_schema(
        summary="Share a film",
        description="Returns the address to share. A share counts once per client, film and hour. "
        "No sign-in needed.",
        request=ShareInput,
        responses=SharedOutput,
    )
    def post(self, request: Request, reference: str) -> Response:
        movie = movie_get(reference)
        user = request.user
        client = client_of(request)
        sharer = Sharer(
            key=f"u:{user.pk}" if user.is_authenticated else f"c:{client.id or client.network}",
            address=client.network,
        )
        channel = validated(ShareInput, request)["channel"]
        url = movie_share(movie, by=sharer, channel=channel, now=time.time())
        return Response({"shareCount": movie.share_count, "url": url})
