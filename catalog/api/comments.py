"""API of comments: `movies/:id/comments`, their likes, and `users/comments`."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.authentication import BaseAuthentication
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from catalog.api.comment_serializers import (
    CommentEdit,
    CommentInput,
    CommentOutput,
    LikedOutput,
    OwnCommentOutput,
    ReplyOutput,
)
from catalog.models import Comment
from catalog.selectors import movie_get
from catalog.selectors.comments import (
    REPLIES_OLDEST,
    THREADS,
    replies_of,
    threads_of,
    threads_order,
)
from catalog.selectors.lists import LATEST, comments_by
from catalog.services.comments import comment_create, comment_delete, comment_edit
from catalog.services.likes import comment_like, comment_unlike
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.public_read import PublicRead
from kushfilms.core.api.throttles import DefaultLimit, limited
from kushfilms.core.api.validation import validated

SORT = OpenApiParameter("sort", str, enum=list(THREADS), description="`newest` by default.")


@extend_schema_view(
    get=extend_schema(
        summary="List the comments of a film",
        description="First comments of threads with their number of replies. A deleted one is "
        "listed while it has replies.",
        responses=CommentOutput(many=True),
        parameters=[SORT],
    )
)
# Reading needs no sign-in, writing does.
class CommentListView(PublicRead, ListAPIView[Comment]):
    serializer_class = CommentOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []

    @property
    def _writes(self) -> bool:
        return self.request is not None and self.request.method == "POST"

    def get_authenticators(self) -> list[BaseAuthentication]:
        kinds: Any = api_settings.DEFAULT_AUTHENTICATION_CLASSES if self._writes else []
        return [kind() for kind in kinds]

    def get_permissions(self) -> list[Any]:
        needed: list[type[BasePermission]] = [SignedIn] if self._writes else []
        return [kind() for kind in needed]

    def get_throttles(self) -> list[BaseThrottle]:
        return [limited("comments")()] if self._writes else [limited("movies")()]

    def get_queryset(self) -> QuerySet[Comment]:
        if getattr(self, "swagger_fake_view", False):
            return Comment.objects.none()
        return threads_of(movie_get(self.kwargs["reference"]))

    def get_ordering(self) -> tuple[str, ...]:
        return threads_order(self.request.query_params.get("sort", "newest"))

    @extend_schema(
        summary="Comment on a film",
        description="With `parentId` it is a reply. A comment that looks like advertising comes "
        "back with `held` set and waits for a moderator.",
        request=CommentInput,
        responses={201: CommentOutput},
    )
    def post(self, request: Request, reference: str) -> Response:
        values = validated(CommentInput, request)
        comment = comment_create(
            movie_get(reference),
            user_id=principal(request).user_id,
            content=values["content"],
            parent_id=values["parentId"],
            now=timezone.now(),
        )
        return Response(CommentOutput(comment).data, status=201)


@extend_schema_view(
    get=extend_schema(
        summary="List the replies of a thread",
        description="Oldest first.",
    )
)
class ReplyListView(PublicRead, ListAPIView[Comment]):
    serializer_class = ReplyOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []
    throttle_classes = [limited("movies")]

    def get_queryset(self) -> QuerySet[Comment]:
        if getattr(self, "swagger_fake_view", False):
            return Comment.objects.none()
        return replies_of(movie_get(self.kwargs["reference"]), self.kwargs["comment_id"])

    def get_ordering(self) -> tuple[str, ...]:
        return REPLIES_OLDEST


class CommentView(APIView):
    permission_classes = [SignedIn]

    def get_throttles(self) -> list[BaseThrottle]:
        return [limited("comments")() if self.request.method == "PUT" else DefaultLimit()]

    @extend_schema(
        summary="Edit your comment",
        description="Within 15 minutes; 409 `too_late` afterwards.",
        request=CommentEdit,
        responses=ReplyOutput,
    )
    def put(self, request: Request, reference: str, comment_id: UUID) -> Response:
        comment = comment_edit(
            comment_id,
            movie=movie_get(reference),
            user_id=principal(request).user_id,
            content=validated(CommentEdit, request)["content"],
            now=timezone.now(),
        )
        return Response(ReplyOutput(comment).data)

    @extend_schema(
        summary="Delete your comment", description="Its replies stay.", responses={204: None}
    )
    def delete(self, request: Request, reference: str, comment_id: UUID) -> Response:
        comment_delete(
            comment_id,
            movie=movie_get(reference),
            user_id=principal(request).user_id,
            now=timezone.now(),
        )
        return Response(status=204)


class LikeView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("keeping")]

    @extend_schema(
        summary="Like a comment", description="Idempotent.", request=None, responses=LikedOutput
    )
    def post(self, request: Request, reference: str, comment_id: UUID) -> Response:
        me = principal(request).user_id
        count = comment_like(comment_id, movie=movie_get(reference), user_id=me)
        return Response({"liked": True, "likeCount": count})

    @extend_schema(summary="Remove your like", description="Idempotent.", responses={204: None})
    def delete(self, request: Request, reference: str, comment_id: UUID) -> Response:
        me = principal(request).user_id
        comment_unlike(comment_id, movie=movie_get(reference), user_id=me)
        return Response(status=204)


@extend_schema_view(
    get=extend_schema(
        summary="List your comments",
        description="Comments on published films that you have not deleted, latest first.",
        operation_id="users_comments_list",
    )
)
class OwnCommentListView(ListAPIView[Comment]):
    permission_classes = [SignedIn]
    serializer_class = OwnCommentOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Comment]:
        if getattr(self, "swagger_fake_view", False):  # the schema is generated without a user
            return Comment.objects.none()
        return comments_by(principal(self.request).user_id)

    def get_ordering(self) -> tuple[str, ...]:
        return LATEST
