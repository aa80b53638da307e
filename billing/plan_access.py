"""Entitlement rule on plans: the plan that a subscription row opens at a moment. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from billing.models import Plan, Subscription, SubscriptionStatus

FIELDS = (
    "plan",
    "status",
    "current_period_start",
    "current_period_end",
    "past_due_since",
    "cancel_at_period_end",
    "complimentary_plan",
    "complimentary_until",
)
RUNNING = (SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING)
# Statuses in which the provider has a subscription that can be changed or canceled.
LIVE = (
    *RUNNING,
    SubscriptionStatus.PAST_DUE,
    SubscriptionStatus.UNPAID,
    SubscriptionStatus.PAUSED,
)


@dataclass(frozen=True)
class PlanAccess:
    """Plan that a person holds, and the time it falls back to FREE (None: never)."""

    plan: Plan
    until: datetime | None
    complimentary: bool = False


def grace() -> timedelta:
    return timedelta(days=settings.BILLING_GRACE_DAYS)


def plan_access_of(row: Subscription | None, *, now: datetime) -> PlanAccess:
    """Return the better of the paid and the complimentary plan; of equal plans, the longer one."""
    if row is None:
        return PlanAccess(Plan.FREE, None)
    offers = [PlanAccess(Plan(row.plan), paid_until(row))]
    if row.complimentary_plan:
        complimentary_plan = Plan(row.complimentary_plan)
        offers.append(PlanAccess(complimentary_plan, row.complimentary_until, complimentary=True))
    held = [
        offer
        for offer in offers
        if offer.plan != Plan.FREE and offer.until is not None and offer.until > now
    ]
    by_worth: Any = lambda offer: (offer.plan.rank, offer.until)  # noqa: E731
    return max(held, key=by_worth, default=PlanAccess(Plan.FREE, None))


def paid_until(row: Subscription) -> datetime | None:
    """Return when the paid plan stops opening films, or None if it opens none.

    A late renewal, at the bank or in the webhook, does not close films at once. The grace period
    runs once for a debt: from its first unpaid period, however many follow.
    """
    if row.current_period_start is None or row.current_period_end is None:
        return None
    if row.status == SubscriptionStatus.PAST_DUE:
        return (row.past_due_since or row.current_period_start) + grace()
    if row.status not in RUNNING:
        return None
    return row.current_period_end + (timedelta() if row.cancel_at_period_end else grace())


def may_change(row: Subscription) -> bool:
    """Return whether another plan can be chosen now.

    The subscription must be running, not canceled, and without another change in progress.
    """
    running = row.status in RUNNING and bool(row.provider_subscription_id)
    return running and not row.cancel_at_period_end and not row.upgrade_plan


def opens(plan: Plan, *, now: datetime) -> Q:
    """Return the same rule as a filter on users, through their `subscription`."""
    running = Q(subscription__status__in=RUNNING)
    stays = Q(subscription__cancel_at_period_end=False)
    late = Q(subscription__status=SubscriptionStatus.PAST_DUE)
    paid = (
        running & stays & Q(subscription__current_period_end__gt=now - grace())
        | running & ~stays & Q(subscription__current_period_end__gt=now)
        | late & Q(subscription__past_due_since__gt=now - grace())
        | late
        & Q(
            subscription__past_due_since=None,
            subscription__current_period_start__gt=now - grace(),
        )
    )
    return Q(subscription__plan=plan) & paid | Q(
        subscription__complimentary_plan=plan, subscription__complimentary_until__gt=now
    )
