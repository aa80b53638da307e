"""Likes of comments. `like_count` is exact: the comment's row is locked first."""

from uuid import UUID

from django.db import transaction

from catalog.models import Comment, CommentLike, Movie
from catalog.services.counters import count_add, key_lock, writer_get
from kushfilms.core.errors import NotFound


@transaction.atomic
def comment_like(comment_id: UUID, *, movie: Movie, user_id: UUID) -> int:
    """Like a comment, at most once; return its number of likes.

    Raises:
        NotFound: the comment is deleted or hidden.
        Denied: `banned` since the request began.
    """
    rows = Comment.objects.filter(pk=comment_id, movie=movie)
    if not key_lock(rows) or not rows.visible().exists():
        raise NotFound("There is no such comment.")
    writer_get(user_id)
    _, created = CommentLike.objects.get_or_create(comment_id=comment_id, user_id=user_id)
    if created:
        count_add(rows, "like_count", 1)
    return rows.values_list("like_count", flat=True).get()


@transaction.atomic
def comment_unlike(comment_id: UUID, *, movie: Movie, user_id: UUID) -> None:
    """Remove a like; does nothing where there is none.

    Raises NotFound when the comment is deleted or hidden and was not liked.
    """
    rows = Comment.objects.filter(pk=comment_id, movie=movie)
    exists = key_lock(rows)
    removed, _ = CommentLike.objects.filter(comment_id=comment_id, user_id=user_id).delete()
    if removed:
        count_add(rows, "like_count", -1)
    elif not exists or not rows.visible().exists():
        raise NotFound("There is no such comment.")
