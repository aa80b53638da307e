"""Rules of report outcomes: which fits which target, and which role may choose it."""

from dataclasses import dataclass

from accounts.roles import Actor, Role, role_allows
from catalog.models import Report, ReportOutcome, ReportTarget
from kushfilms.core.errors import Denied, InvalidInput


@dataclass(frozen=True)
class Decision:
    """`ban_days` None: permanent. `resolution` is shown to the reporters and kept on file."""

    outcome: ReportOutcome
    resolution: str = ""
    ban_days: int | None = None


FITTING: dict[ReportTarget, frozenset[ReportOutcome]] = {
    ReportTarget.COMMENT: frozenset(
        {ReportOutcome.DISMISS, ReportOutcome.HIDE_COMMENT, ReportOutcome.BAN_USER}
    ),
    ReportTarget.MOVIE: frozenset({ReportOutcome.DISMISS, ReportOutcome.UNPUBLISH_MOVIE}),
    ReportTarget.USER: frozenset({ReportOutcome.DISMISS, ReportOutcome.BAN_USER}),
}
NEEDS = {
    ReportOutcome.DISMISS: "catalog.resolve_report",
    ReportOutcome.HIDE_COMMENT: "catalog.hide_comment",
    ReportOutcome.UNPUBLISH_MOVIE: "catalog.publish_movie",
    ReportOutcome.BAN_USER: "accounts.ban_user",
}


def decision_check(report: Report, *, decision: Decision, by: Actor) -> None:
    if decision.outcome not in FITTING[report.target_type]:
        fault = "This outcome does not fit the reported item."
        raise InvalidInput(fault, fields={"outcome": [fault]})
    if decision.outcome == ReportOutcome.BAN_USER and not decision.resolution.strip():
        fault = "Give a reason: the person will read it."
        raise InvalidInput(fault, fields={"resolution": [fault]})
    outcome_allowed(decision.outcome, by=by)


def outcome_allowed(outcome: ReportOutcome, *, by: Actor) -> None:
    role = Role(by.role)
    if not role_allows(role, NEEDS[outcome]):
        raise Denied("Ask an admin: this outcome is above your role.", code="role_denied")
