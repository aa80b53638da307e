"""Comments of viewers on films."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.models.counters import CountedModel
from catalog.models.films import Movie
from kushfilms.core.models import UUIDModel


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible(self) -> "CommentQuerySet":
        """Return the comments that count: not hidden, not deleted, not below a hidden one."""
        return self.filter(hidden=False, deleted_at=None).exclude(parent__hidden=True)


class Comment(CountedModel, UUIDModel):
    """A comment or a reply. Threads have one level: a reply to a reply joins the same thread."""

    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="comments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comments"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    # The comment replied to: the thread's first comment or one of its replies.
    reply_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="answers"
    )
    # The author of `reply_to` has been notified.
    reply_told = models.BooleanField(default=False, editable=False)
    content = models.TextField(max_length=2000)
    like_count = models.PositiveIntegerField(default=0)
    hidden = models.BooleanField(default=False)
    # Hidden by the spam filter until a moderator has checked it.
    held = models.BooleanField(default=False)
    hidden_reason = models.CharField(max_length=500, blank=True)
    # When the author deleted it; its replies stay.
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)

    counters = frozenset({"like_count"})
    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(content=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=models.F("id")),
                name="comment_is_no_reply_to_itself",
            ),
            models.CheckConstraint(
                condition=Q(held=False) | Q(hidden=True), name="what_is_held_is_hidden"
            ),
        ]
        indexes = [
            # A film's threads, newest first; the cursor ends in the id.
            models.Index(
                fields=["movie", "-created_at", "-id"],
                name="comment_thread",
                condition=Q(parent=None, hidden=False),
            ),
            # A film's threads, most liked first.
            models.Index(
                fields=["movie", "-like_count", "-created_at", "-id"],
                name="comment_thread_top",
                condition=Q(parent=None, hidden=False),
            ),
            # A thread's replies in order, and their number.
            models.Index(
                fields=["parent", "created_at", "id"],
                name="comment_reply",
                condition=Q(parent__isnull=False),
            ),
            # One person's comments, on their page in the back office.
            models.Index(fields=["user", "-created_at"], name="comment_by_user"),
            # Replies whose recipient has not been notified yet.
            models.Index(
                fields=["parent"],
                name="comment_reply_untold",
                condition=Q(parent__isnull=False, reply_told=False),
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.content[:60]}”"
