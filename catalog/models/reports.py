"""Reports of viewers about comments, films and people."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models.comments import Comment
from catalog.models.films import Movie
from kushfilms.core.models import UUIDModel


class ReportTarget(models.TextChoices):
    COMMENT = "COMMENT", "Comment"
    MOVIE = "MOVIE", "Film"
    USER = "USER", "Person"


class ReportReason(models.TextChoices):
    SPAM = "SPAM", _("Spam or advertising")
    INAPPROPRIATE = "INAPPROPRIATE", _("Inappropriate")
    COPYRIGHT = "COPYRIGHT", _("Copyright infringement")
    HARASSMENT = "HARASSMENT", _("Insults or threats")
    VIOLENCE = "VIOLENCE", _("Violence or hatred")
    OTHER = "OTHER", _("Something else")


class ReportState(models.TextChoices):
    PENDING = "PENDING", "Waiting"
    REVIEWING = "REVIEWING", "In review"
    RESOLVED = "RESOLVED", "Resolved"
    DISMISSED = "DISMISSED", "Dismissed"


class ReportOutcome(models.TextChoices):
    DISMISS = "DISMISS", "No violation"
    HIDE_COMMENT = "HIDE_COMMENT", "Comment hidden"
    UNPUBLISH_MOVIE = "UNPUBLISH_MOVIE", "Film unpublished"
    BAN_USER = "BAN_USER", "Person banned"


OPEN_STATES = (ReportState.PENDING, ReportState.REVIEWING)


class Report(UUIDModel):
    """One person's report about one comment, film or person."""

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="reports"
    )
    movie = models.ForeignKey(
        Movie, on_delete=models.CASCADE, null=True, blank=True, related_name="reports"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reports_about",
    )
    reason = models.CharField(max_length=13, choices=ReportReason.choices)
    details = models.TextField(max_length=1000, blank=True)
    # None after the reporter left; the report stays.
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="reports_made"
    )
    state = models.CharField(max_length=9, choices=ReportState.choices, default=ReportState.PENDING)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=15, choices=ReportOutcome.choices, blank=True)
    resolution = models.CharField(max_length=500, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    # When the outcome was undone: the comment shown, the film published, the ban lifted.
    restored_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(comment__isnull=False, movie=None, user=None)
                | Q(comment=None, movie__isnull=False, user=None)
                | Q(comment=None, movie=None, user__isnull=False),
                name="report_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PENDING", "REVIEWING"], outcome="", resolved_at=None)
                | (
                    Q(state__in=["RESOLVED", "DISMISSED"], resolved_at__isnull=False)
                    & ~Q(outcome="")
                ),
                name="report_is_open_or_has_an_outcome",
            ),
            models.UniqueConstraint(
                fields=["reporter", "comment", "movie", "user"],
                condition=Q(state__in=["PENDING", "REVIEWING"]) & Q(reporter__isnull=False),
                nulls_distinct=False,
                name="one_open_report_a_person_and_thing",
            ),
        ]
        indexes = [
            # The queue, oldest first.
            models.Index(fields=["state", "created_at"], name="report_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.target}"

    @property
    def target(self) -> Comment | Movie | User:
        found = self.comment or self.movie or self.user
        if found is None:  # pragma: no cover  a check constraint forbids it
            raise LookupError("a report about nothing")
        return found

    @property
    def target_type(self) -> ReportTarget:
        if self.comment_id:
            return ReportTarget.COMMENT
        return ReportTarget.MOVIE if self.movie_id else ReportTarget.USER

    @property
    def target_key(self) -> dict[str, object]:
        """Return the filter that selects every report about the same target."""
        return {"comment": self.comment_id, "movie": self.movie_id, "user": self.user_id}

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
