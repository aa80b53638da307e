"""Billing figures of the admin's first screen, and the churn filter."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from billing.models import (
    Discrepancy,
    EventState,
    Plan,
    ProviderEvent,
    Subscription,
    SubscriptionStatus,
)
from billing.plan_access import RUNNING
from kushfilms.core.currencies import money_text

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Figures:
    """Figures of billing. `monthly_text` is the monthly revenue of all paid plans, less trials."""

    monthly_text: str
    subscribers: int
    trying: int
    late: int
    leaving: int
    gone: int
    failed_events: int
    discrepancies: int


def churn(rows: QuerySet[Any], which: str, *, now: datetime) -> QuerySet[Any]:
    """Return the subscriptions that are `leaving`, `late` or `gone`; all for any other word."""
    condition = {
        "leaving": Q(status__in=RUNNING, cancel_at_period_end=True),
        "late": Q(status__in=[SubscriptionStatus.PAST_DUE, SubscriptionStatus.UNPAID]),
        "gone": Q(status=SubscriptionStatus.CANCELED, canceled_at__gt=now - LATELY),
    }.get(which)
    return rows.filter(condition) if condition is not None else rows


def figures(*, now: datetime) -> Figures:
    """Return the figures, in three queries."""
    paid = Subscription.objects.exclude(provider_subscription_id="").exclude(plan=Plan.FREE)
    late = [SubscriptionStatus.PAST_DUE, SubscriptionStatus.UNPAID]
    rows = paid.values("plan").annotate(
        active=Count("pk", filter=Q(status=SubscriptionStatus.ACTIVE)),
        trying=Count("pk", filter=Q(status=SubscriptionStatus.TRIALING)),
        late=Count("pk", filter=Q(status__in=late)),
        leaving=Count("pk", filter=Q(status__in=RUNNING, cancel_at_period_end=True)),
        gone=Count("pk", filter=Q(status="CANCELED", canceled_at__gt=now - LATELY)),
    )
    by_plan: list[dict[str, Any]] = [dict(row) for row in rows]

    def total(name: str) -> int:
        return sum(row[name] for row in by_plan)

    monthly = sum(row["active"] * settings.PLAN_PRICES[row["plan"]] for row in by_plan)
    return Figures(
        monthly_text=money_text(monthly, settings.PLAN_CURRENCY),
        subscribers=total("active"),
        trying=total("trying"),
        late=total("late"),
        leaving=total("leaving"),
        gone=total("gone"),
        failed_events=ProviderEvent.objects.filter(state=EventState.FAILED).count(),
        discrepancies=Discrepancy.objects.filter(resolved_at=None).count(),
    )
