"""What a decided report does to the thing reported, and how that is taken back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop as _

from accounts.models import User
from accounts.roles import Actor
from accounts.services.moderation import user_ban, user_unban
from accounts.services.notifications import notification_create
from catalog.models import Comment, Movie, Report, ReportOutcome
from catalog.services.comments import comment_hide, comment_restore
from catalog.services.films import movie_publish, movie_unpublish
from catalog.services.report_rules import Decision

OUTCOME_MESSAGES = {
    ReportOutcome.DISMISS: _("We looked at it and it may stay. Thank you for keeping watch."),
    ReportOutcome.HIDE_COMMENT: _("You were right: the comment is gone. Thank you."),
    ReportOutcome.UNPUBLISH_MOVIE: _("You were right: the film is off the site. Thank you."),
    ReportOutcome.BAN_USER: _("You were right: the account is closed. Thank you."),
}


def outcome_apply(report: Report, *, decision: Decision, by: Actor, now: datetime) -> None:
    """Do it; what is so already stays so. A ban for a comment takes the comment with it."""
    target, reason = report.target, decision.resolution
    if isinstance(target, Movie) and decision.outcome == ReportOutcome.UNPUBLISH_MOVIE:
        movie_unpublish(target, reason=reason)
    if decision.outcome == ReportOutcome.BAN_USER:
        until = now + timedelta(days=decision.ban_days) if decision.ban_days else None
        user_ban(_account(target), reason=reason, until=until, by=by)
    if isinstance(target, Comment):
        _comment_apply(target, outcome=decision.outcome, reason=reason)


def _comment_apply(comment: Comment, *, outcome: ReportOutcome, reason: str) -> None:
    """Nothing wrong with it: then what the spam brake holds back is shown."""
    comment.refresh_from_db()
    if outcome != ReportOutcome.DISMISS:
        if comment.held or not comment.hidden:
            comment_hide(comment, reason=reason)
    elif comment.held:
        comment_restore(comment)


def outcome_undo(report: Report, *, by: Actor, now: datetime) -> None:
    """Take it back; what others have undone already is left as it is. Raises WrongState."""
    target = report.target
    if isinstance(target, Movie):
        movie_publish(target, now=now)
    if report.outcome == ReportOutcome.BAN_USER:
        user_unban(_account(target), by=by)
    if isinstance(target, Comment) and target.hidden:
        comment_restore(target)


def _account(target: Comment | Movie | User) -> User:
    if isinstance(target, Movie):  # pragma: no cover  `FITTING` says no
        raise TypeError("a film cannot be banned")
    return target.user if isinstance(target, Comment) else target


def reporters_notify(reports: Iterable[Report], outcome: ReportOutcome) -> None:
    for report in reports:
        if report.reporter is not None:
            notification_create(
                report.reporter,
                title=_("About what you reported"),
                message=OUTCOME_MESSAGES[outcome],
                metadata={"reportId": str(report.pk), "outcome": outcome},
            )
