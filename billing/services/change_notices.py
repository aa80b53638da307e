"""Notices about changes of a subscription."""

from dataclasses import dataclass

from accounts.models import User
from billing.models import (
    CommandKind,
    Notice,
    Plan,
    ProviderCommand,
    Subscription,
    SubscriptionStatus,
)
from billing.plan_access import LIVE, RUNNING
from billing.services.notices import notify_once
from billing.sync.projection import Projection, SubscriptionState
from billing.sync.projection.states import EndCause

ASKED_FOR = "Asked for by the person."
UNPAID = (SubscriptionStatus.PAST_DUE, SubscriptionStatus.UNPAID)


@dataclass(frozen=True)
class SubscriptionSnapshot:
    """Fields of a subscription row before a projection changed them."""

    subscription_id: str
    status: str
    plan: Plan
    cancel_at_period_end: bool
    next_plan: str
    upgrade_plan: str

    @classmethod
    def of(cls, row: Subscription) -> "SubscriptionSnapshot":
        return cls(
            subscription_id=row.provider_subscription_id,
            status=row.status,
            plan=Plan(row.plan),
            cancel_at_period_end=row.cancel_at_period_end,
            next_plan=row.next_plan,
            upgrade_plan=row.upgrade_plan,
        )


def changes_notify(
    user: User, before: SubscriptionSnapshot, found: Projection, *, quiet: bool
) -> None:
    state = found.subscription
    about = state.provider_subscription_id
    if not about or state.plan == Plan.FREE:
        return
    is_same = before.subscription_id == about
    if state.status in RUNNING:
        notify_once(user, "welcome", about=about, quiet=quiet)
        for kind in _turns(before, state, is_same=is_same):
            # A plan can be canceled, kept and canceled again, so each turn has its own key.
            turn = Notice.objects.filter(user=user, about__startswith=f"{about} turn").count()
            notify_once(user, kind, about=f"{about} turn {turn}", quiet=quiet)
    if state.status == SubscriptionStatus.PAST_DUE and state.past_due_since:
        debt = f"{about} {state.past_due_since:%Y-%m-%d}"
        notify_once(user, "payment_failed", about=debt, quiet=quiet)
    has_ended = state.status == SubscriptionStatus.CANCELED and is_same and before.status in LIVE
    if has_ended and (kind := _ending(before, found)):
        notify_once(user, kind, about=about, quiet=quiet)


def _turns(before: SubscriptionSnapshot, state: SubscriptionState, *, is_same: bool) -> list[str]:
    """Return the kinds of notice for changes within a running subscription."""
    if not is_same:
        return ["cancellation"] if state.cancel_at_period_end else []
    kinds = []
    if state.cancel_at_period_end != before.cancel_at_period_end:
        kinds.append("cancellation" if state.cancel_at_period_end else "kept")
    if state.next_plan and state.next_plan != before.next_plan:
        kinds.append("lowered")
    elif before.next_plan and not state.next_plan and state.plan == before.plan:
        kinds.append("kept")
    if state.upgrade_plan and state.upgrade_plan != before.upgrade_plan:
        kinds.append("upgrade_waiting")
    if before.status in RUNNING and state.plan.rank > before.plan.rank:
        kinds.append("upgraded")
    elif before.upgrade_plan and not state.upgrade_plan:
        kinds.append("change_failed")
    return kinds


def _ending(before: SubscriptionSnapshot, found: Projection) -> str:
    """Return the kind of notice for an end, or empty if another message covers it."""
    own_commands = ProviderCommand.objects.filter(
        kind=CommandKind.END, object_id=before.subscription_id, reason=ASKED_FOR
    )
    if own_commands.exists():
        return "ended_now"
    if found.end_cause == EndCause.REFUNDED:
        return ""  # the message about the refund mentions the end
    if found.end_cause == EndCause.UNPAID or before.status in UNPAID:
        return "ended_unpaid"
    return "" if before.cancel_at_period_end else "ended"
