"""Hourly reminders of plans that renew soon or end today."""

from datetime import datetime, timedelta

from billing.models import Plan, Subscription
from billing.plan_access import RUNNING
from billing.services.notices import notify_once

RENEWAL_AHEAD = timedelta(days=3)
FINAL_DAY = timedelta(days=1)


def reminders_send(*, now: datetime) -> int:
    """Send the reminders that are due and unsent for a period; return how many were sent."""
    rows = Subscription.objects.filter(status__in=RUNNING).exclude(plan=Plan.FREE)
    rows = rows.exclude(provider_subscription_id="").select_related("user")
    renewing = rows.filter(cancel_at_period_end=False)
    ending = rows.filter(cancel_at_period_end=True)
    sent = 0
    for kind, subscriptions, ahead in (
        ("renewal_ahead", renewing, RENEWAL_AHEAD),
        ("final_day", ending, FINAL_DAY),
    ):
        soon = subscriptions.filter(current_period_end__gt=now, current_period_end__lte=now + ahead)
        for row in soon.iterator():
            about = f"{row.provider_subscription_id} {row.current_period_end:%Y-%m-%d}"
            sent += notify_once(row.user, kind, about=about)
    return sent
