"""Which plan a person holds."""

from datetime import datetime
from uuid import UUID

from accounts.principal import HeldPlan
from billing.models import Plan, Subscription, SubscriptionStatus

# A subscription in one of these opens films until its period ends.
OPEN = (SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING)


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
