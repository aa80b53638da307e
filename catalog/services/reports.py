"""Reports: made by viewers, claimed by one moderator, decided once for all reporters.

Reports about one target are decided together; claiming and deciding lock their rows in one order.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Actor
from accounts.services.audit import audit_write
from catalog.models import Comment, Movie, Report, ReportOutcome, ReportState
from catalog.models.reports import OPEN_STATES
from catalog.services.report_outcomes import outcome_apply, outcome_undo, reporters_notify
from catalog.services.report_rules import Decision, decision_check, outcome_allowed
from kushfilms.core.errors import InvalidInput, NotFound, WrongState

# A claim lapses after this time, because moderators go off duty.
CLAIM_LASTS = timedelta(minutes=30)


def report_create(
    target: Comment | Movie | User, *, reporter_id: UUID, reason: str, details: str, now: datetime
) -> Report:
    """Report a target to the moderators; a second open report by one person is the first.

    Raises:
        InvalidInput: it is about the reporter or their own comment.
    """
    author_id = target.user_id if isinstance(target, Comment) else target.pk
    if author_id == reporter_id:
        raise InvalidInput("You cannot report yourself.")
    about = {type(target)._meta.model_name or "": target}
    existing = Report.objects.filter(**about, reporter_id=reporter_id, state__in=OPEN_STATES)
    if found := existing.first():
        return found
    report = Report(**about, reporter_id=reporter_id, reason=reason, created_at=now)
    report.details = details.strip()[:1000]
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError:  # the same report, sent twice at once
        return existing.get()
    return report


@transaction.atomic
def report_claim(report: Report, *, by: Actor, now: datetime) -> Report:
    """Assign every open report about the target to one moderator for a while. Idempotent.

    Raises:
        WrongState: `claimed` by another moderator, or `already_decided`.
    """
    reviewer_id = by.id
    rows = _open_rows(report, by=by, now=now)
    Report.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=ReportState.REVIEWING, reviewer=reviewer_id, claimed_at=now
    )
    old = next(row for row in rows if row.pk == report.pk)
    if old.reviewer_id != reviewer_id:
        changes = {"state": ReportState.REVIEWING, "reviewer": reviewer_id}
        before = {"state": old.state, "reviewer": old.reviewer_id}
        audit_write("report.claim", report, old=before, new=changes)
    report.refresh_from_db()
    return report


@transaction.atomic
def report_resolve(report: Report, *, decision: Decision, by: Actor, now: datetime) -> Report:
    """Decide every open report about the target at once, and carry out the decision.

    Raises:
        InvalidInput: the outcome does not fit the target.
        Denied: the outcome needs a higher role, or the person's role is not lower.
        WrongState: `claimed`, `already_decided`, or what the outcome itself raises.
    """
    decision_check(report, decision=decision, by=by)
    rows = _open_rows(report, by=by, now=now)
    outcome_apply(report, decision=decision, by=by, now=now)
    dismissed = decision.outcome == ReportOutcome.DISMISS
    changes = {
        "state": ReportState.DISMISSED if dismissed else ReportState.RESOLVED,
        "outcome": decision.outcome,
        "resolution": decision.resolution.strip()[:500],
    }
    ids = [row.pk for row in rows]
    Report.objects.filter(pk__in=ids).update(**changes, reviewer=by.id, resolved_at=now)
    before = next(row.state for row in rows if row.pk == report.pk)
    audit_write(
        "report.resolve",
        report,
        old={"state": before},
        new={**changes, "reports": len(ids)},
        reason=decision.resolution,
    )
    reporters_notify(rows, decision.outcome)
    report.refresh_from_db()
    return report


@transaction.atomic
def report_restore(report: Report, *, by: Actor, now: datetime) -> Report:
    """Undo the outcome: show the comment, publish the film, lift the ban.

    Raises:
        WrongState: `nothing_to_restore`, or what prevents it.
        Denied: the outcome needs a higher role.
    """
    rows = Report.objects.select_for_update(of=("self",)).filter(**report.target_key)
    resolved = rows.filter(pk=report.pk, state=ReportState.RESOLVED, restored_at=None).first()
    if resolved is None:
        raise WrongState("There is nothing to undo.", code="nothing_to_restore")
    outcome = ReportOutcome(resolved.outcome)
    outcome_allowed(outcome, by=by)
    outcome_undo(resolved, by=by, now=now)
    same = Report.objects.filter(**report.target_key, outcome=outcome, restored_at=None)
    same.update(restored_at=now)
    audit_write("report.restore", resolved, old={"outcome": outcome}, new={"restored_at": now})
    report.refresh_from_db()
    return report


def _open_rows(report: Report, *, by: Actor, now: datetime) -> list[Report]:
    """Return the open reports about the target, locked, if `report` is open and free for `by`."""
    same: QuerySet[Report] = Report.objects.filter(**report.target_key, state__in=OPEN_STATES)
    same = same.select_related("reporter").select_for_update(of=("self",))
    rows = list(same.order_by("pk"))
    if all(row.pk != report.pk for row in rows):
        if not Report.objects.filter(pk=report.pk).exists():
            raise NotFound("There is no such report.")
        raise WrongState("This report has been decided already.", code="already_decided")
    others = [row for row in rows if row.reviewer_id not in {None, by.id}]
    if any(row.claimed_at and row.claimed_at > now - CLAIM_LASTS for row in others):
        raise WrongState("A colleague is reviewing this right now.", code="claimed")
    return rows
