"""Effects of a decided report on its target, and how they are undone."""

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
    ReportOutcome.DISMISS: _("We reviewed it, and it follows our rules. Thank you for reporting."),
    ReportOutcome.HIDE_COMMENT: _("We have removed the comment. Thank you for reporting."),
    ReportOutcome.UNPUBLISH_MOVIE: _("We have taken the film down. Thank you for reporting."),
    ReportOutcome.BAN_USER: _("We have banned the account. Thank you for reporting."),
}


def outcome_apply(report: Report, *, decision: Decision, by: Actor, now: datetime) -> None:
    """Carry out the decision. A ban for a comment hides the comment, too. Idempotent."""
    target = report.target
    reason = decision.resolution
    if isinstance(target, Movie) and decision.outcome == ReportOutcome.UNPUBLISH_MOVIE:
        movie_unpublish(target, reason=reason)
    if decision.outcome == ReportOutcome.BAN_USER:
        until = now + timedelta(days=decision.ban_days) if decision.ban_days else None
        user_ban(_account(target), reason=reason, until=until, by=by)
    if isinstance(target, Comment):
        target.refresh_from_db()
        if decision.outcome != ReportOutcome.DISMISS:
            if target.held or not target.hidden:
                comment_hide(target, reason=reason)
        elif target.held:  # by the spam filter
            comment_restore(target)


def outcome_undo(report: Report, *, by: Actor, now: datetime) -> None:
    """Undo the outcome; what others have undone already is left alone. Raises WrongState."""
    target = report.target
    if isinstance(target, Movie):
        movie_publish(target, now=now)
    if report.outcome == ReportOutcome.BAN_USER:
        user_unban(_account(target), by=by)
    if isinstance(target, Comment) and target.hidden:
        comment_restore(target)


def _account(target: Comment | Movie | User) -> User:
    if isinstance(target, Movie):  # pragma: no cover  `FITTING` forbids it
        raise TypeError("a film cannot be banned")
    return target.user if isinstance(target, Comment) else target


def reporters_notify(reports: Iterable[Report], outcome: ReportOutcome) -> None:
    for report in reports:
        if report.reporter is not None:
            notification_create(
                report.reporter,
                title=_("Your report"),
                message=OUTCOME_MESSAGES[outcome],
                metadata={"reportId": str(report.pk), "outcome": outcome},
            )
