"""JSON of comments. The names are the contract's (SPEC, section 3)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.models import Comment
from catalog.services.comments import LONGEST_COMMENT
from kushfilms.core.api.fields import ParagraphsField


class CommentInput(serializers.Serializer[Any]):
    content = ParagraphsField(max_length=LONGEST_COMMENT)
    parentId = serializers.UUIDField(required=False, allow_null=True, default=None)


class CommentEdit(serializers.Serializer[Any]):
    content = ParagraphsField(max_length=LONGEST_COMMENT)


class AuthorOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class ReplyToOutput(serializers.Serializer[Any]):
    """`author` is null once the comment was deleted or hidden."""

    id = serializers.UUIDField()
    author = AuthorOutput(allow_null=True)


class ReplyOutput(serializers.Serializer[Any]):
    """`content` is empty and `author` null once the author deleted it."""

    id = serializers.UUIDField()
    parentId = serializers.UUIDField(source="parent_id", allow_null=True)
    replyTo = serializers.SerializerMethodField()
    content = serializers.SerializerMethodField()
    author = serializers.SerializerMethodField()
    deleted = serializers.SerializerMethodField()
    held = serializers.BooleanField(help_text="Waits for a moderator; only its author sees it.")
    likeCount = serializers.IntegerField(source="like_count")
    createdAt = serializers.DateTimeField(source="created_at")
    editedAt = serializers.DateTimeField(source="edited_at", allow_null=True)

    def get_content(self, comment: Comment) -> str:
        return "" if comment.deleted_at else comment.content

    @extend_schema_field(AuthorOutput(allow_null=True))
    def get_author(self, comment: Comment) -> dict[str, Any] | None:
        return None if comment.deleted_at else dict(AuthorOutput(comment.user).data)

    @extend_schema_field(ReplyToOutput(allow_null=True))
    def get_replyTo(self, comment: Comment) -> dict[str, Any] | None:  # noqa: N802  its key
        replied_to = comment.reply_to
        if replied_to is None:
            return None
        gone = replied_to.deleted_at or replied_to.hidden
        author = None if gone else dict(AuthorOutput(replied_to.user).data)
        return {"id": str(replied_to.pk), "author": author}

    def get_deleted(self, comment: Comment) -> bool:
        return comment.deleted_at is not None


class CommentOutput(ReplyOutput):
    replyCount = serializers.IntegerField(source="reply_count", default=0)


class FilmReference(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    slug = serializers.CharField()


class OwnCommentOutput(ReplyOutput):
    movie = FilmReference()
    hidden = serializers.BooleanField(help_text="Only its author sees it.")


class LikedOutput(serializers.Serializer[Any]):
    liked = serializers.BooleanField()
    likeCount = serializers.IntegerField()
