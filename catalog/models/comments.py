"""What viewers say of a film."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.models.films import Movie
from kushfilms.core.models import UUIDModel


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible(self) -> "CommentQuerySet":
        """What counts: neither hidden by staff nor taken back, nor below what is hidden."""
        return self.filter(hidden=False, deleted_at=None).exclude(parent__hidden=True)


class Comment(UUIDModel):
    """One level of replies: a reply to a reply hangs on the thread's first comment."""

    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="comments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comments"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    content = models.TextField(max_length=2000)
    like_count = models.PositiveIntegerField(default=0)
    hidden = models.BooleanField(default=False)
    hidden_reason = models.CharField(max_length=500, blank=True)
    # Taken back by its author; its replies stay.
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(content=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=models.F("id")),
                name="comment_is_no_reply_to_itself",
            ),
        ]
        indexes = [
            # A film's threads, newest first; the cursor ends in the id.
            models.Index(
                fields=["movie", "-created_at", "-id"],
                name="comment_thread",
                condition=Q(parent=None, hidden=False),
            ),
            # A thread's replies in order, and how many there are.
            models.Index(
                fields=["parent", "created_at", "id"],
                name="comment_reply",
                condition=Q(parent__isnull=False),
            ),
            # What one person wrote, on their page in the back office.
            models.Index(fields=["user", "-created_at"], name="comment_by_user"),
        ]

    def __str__(self) -> str:
        return f"“{self.content[:60]}”"
