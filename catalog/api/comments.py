"""`movies/:id/comments`: what people say of a film."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from catalog.models import Comment
from catalog.selectors import movie_get
from catalog.selectors.comments import REPLIES_OLDEST, THREADS_NEWEST, replies_of, threads_of
from catalog.services.comments import LONGEST_COMMENT, comment_create, comment_delete
from kushfilms.core.api.caching import PublicRead
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.throttles import CommentThrottle, DefaultThrottle, MoviesThrottle
from kushfilms.core.api.validation import validated


class CommentInput(serializers.Serializer[Any]):
    content = serializers.CharField(max_length=LONGEST_COMMENT)
    parentId = serializers.UUIDField(required=False, allow_null=True, default=None)


class AuthorOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class ReplyOutput(serializers.Serializer[Any]):
    """`content` is empty and `author` null once the author has taken it back."""

    id = serializers.UUIDField()
    parentId = serializers.UUIDField(source="parent_id", allow_null=True)
    content = serializers.SerializerMethodField()
    author = serializers.SerializerMethodField()
    deleted = serializers.SerializerMethodField()
    likeCount = serializers.IntegerField(source="like_count")
    createdAt = serializers.DateTimeField(source="created_at")

    def get_content(self, comment: Comment) -> str:
        return "" if comment.deleted_at else comment.content

    @extend_schema_field(AuthorOutput(allow_null=True))
    def get_author(self, comment: Comment) -> dict[str, Any] | None:
        return None if comment.deleted_at else dict(AuthorOutput(comment.user).data)

    def get_deleted(self, comment: Comment) -> bool:
        return comment.deleted_at is not None


class CommentOutput(ReplyOutput):
    replyCount = serializers.IntegerField(source="reply_count", default=0)


@extend_schema_view(get=extend_schema(responses=CommentOutput(many=True)))
class CommentListView(PublicRead, ListAPIView[Comment]):
    """Reading asks nobody who they are; writing does."""

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
        return [CommentThrottle()] if self._writes else [MoviesThrottle()]

    def get_queryset(self) -> QuerySet[Comment]:
        if getattr(self, "swagger_fake_view", False):
            return Comment.objects.none()
        return threads_of(movie_get(self.kwargs["reference"]))

    def get_ordering(self) -> tuple[str, ...]:
        return THREADS_NEWEST

    @extend_schema(request=CommentInput, responses={201: CommentOutput})
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


class ReplyListView(PublicRead, ListAPIView[Comment]):
    serializer_class = ReplyOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []
    throttle_classes = [MoviesThrottle]

    def get_queryset(self) -> QuerySet[Comment]:
        if getattr(self, "swagger_fake_view", False):
            return Comment.objects.none()
        return replies_of(movie_get(self.kwargs["reference"]), self.kwargs["comment_id"])

    def get_ordering(self) -> tuple[str, ...]:
        return REPLIES_OLDEST


class CommentView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [DefaultThrottle]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, reference: str, comment_id: UUID) -> Response:
        """Take back one's own."""
        comment_delete(
            comment_id,
            movie=movie_get(reference),
            user_id=principal(request).user_id,
            now=timezone.now(),
        )
        return Response(status=204)
