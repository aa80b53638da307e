"""Which plans there are, and which one a person holds."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from accounts.models import User
from accounts.principal import HeldPlan
from billing.models import Plan, Subscription, SubscriptionStatus

# A subscription in one of these opens films until its period ends.
OPEN = (SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING)

# What each plan promises (SPEC, section 1).
PLANS: tuple[tuple[Plan, str, tuple[str, ...]], ...] = (
    (Plan.FREE, "Films paid for by ads", ("All free films", "Pick up where you stopped")),
    (Plan.BASIC, "More films, no ads", ("Free and Basic films", "No ads")),
    (
        Plan.PREMIUM,
        "The whole house",
        ("Every film", "No ads", "Downloads for offline viewing"),
    ),
)


def held_plan(user_id: UUID) -> HeldPlan:
    """The plan of the person's subscription, and until when; FREE without one."""
    row = (
        Subscription.objects.filter(user_id=user_id)
        .values("plan", "status", "current_period_end")
        .first()
    )
    if row is None or row["status"] not in OPEN:
        return HeldPlan(Plan.FREE, None)
    end: datetime = row["current_period_end"]
    return HeldPlan(row["plan"], end)


def plan_of(subscription: Subscription | None, *, now: datetime) -> Plan:
    """The plan a subscription row opens at a moment."""
    if subscription is None or subscription.status not in OPEN:
        return Plan.FREE
    return Plan(subscription.plan) if subscription.current_period_end > now else Plan.FREE


def users_with_plan(users: QuerySet[User], now: datetime) -> QuerySet[User]:
    """People, each with the plan they hold at this moment as `plan_now`."""
    holds = Q(subscription__status__in=OPEN, subscription__current_period_end__gt=now)
    held = Case(
        When(holds, then=F("subscription__plan")),
        default=Value(Plan.FREE.value),
        output_field=CharField(),
    )
    return users.annotate(plan_now=held)


@dataclass(frozen=True)
class PlanOffer:
    """A plan as it is offered. `amount_minor` is for a month, in cents of `currency`."""

    plan: Plan
    amount_minor: int
    currency: str
    promise: str
    points: tuple[str, ...]
    screens: int  # at once

    @property
    def amount(self) -> Decimal:
        return Decimal(self.amount_minor).scaleb(-2)


def plans_offered() -> list[PlanOffer]:
    """Every plan, the free one first."""
    return [
        PlanOffer(
            plan=plan,
            amount_minor=settings.PLAN_PRICES.get(plan, 0),
            currency=settings.PLAN_CURRENCY,
            promise=promise,
            points=points,
            screens=settings.STREAM_LIMITS[plan],
        )
        for plan, promise, points in PLANS
    ]
