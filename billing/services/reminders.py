"""The hourly look ahead: whose plan renews soon, and whose ends today."""

from datetime import datetime, timedelta

from billing.models import Plan, Subscription
from billing.plan_access import RUNNING
from billing.services.notices import tell

RENEWAL_AHEAD = timedelta(days=3)
FINAL_DAY = timedelta(days=1)


def ends_tell(*, now: datetime) -> int:
    """Tell whoever has not been told of this period; how many were."""
    rows = Subscription.objects.filter(status__in=RUNNING).exclude(plan=Plan.FREE)
    rows = rows.exclude(provider_subscription_id="").select_related("user")
    goes_on = rows.filter(cancel_at_period_end=False)
    stops = rows.filter(cancel_at_period_end=True)
    told = 0
    for kind, found, ahead in (
        ("renewal_ahead", goes_on, RENEWAL_AHEAD),
        ("final_day", stops, FINAL_DAY),
    ):
        soon = found.filter(current_period_end__gt=now, current_period_end__lte=now + ahead)
        for row in soon.iterator():
            about = f"{row.provider_subscription_id} {row.current_period_end:%Y-%m-%d}"
            told += tell(row.user, kind, about=about)
    return told
