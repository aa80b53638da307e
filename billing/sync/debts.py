"""Age of a subscription's debt, computed from the inbox."""

from datetime import datetime

from billing.models import ProviderEvent
from billing.sync.projection.states import moment
from billing.sync.versions import Version, period_of, version_key

OWING = ("past_due", "unpaid")
# Enough versions for a debt of several years.
VERSIONS_READ = 100


def debt_started_at(subscription_id: str, *, provider: str) -> datetime | None:
    """Return the start of the first unpaid period of the present debt.

    Stripe can be configured to leave a subscription past due for many periods. Its versions are
    read from the newest back to the last one without a debt, regardless of the order of arrival.
    """
    rows = ProviderEvent.objects.filter(provider=provider, object_id=subscription_id)
    versions = [
        Version(at=at, fetched=fetched, id=event_id, object=payload["data"]["object"])
        for at, fetched, event_id, payload in rows.order_by("-version_at").values_list(
            "version_at", "fetched", "event_id", "payload"
        )[:VERSIONS_READ]
    ]
    first = 0
    for version in sorted(versions, key=version_key, reverse=True):
        if version.object.get("status") not in OWING:
            break
        start = period_of(version.object)[0]
        first = min(first or start, start)
    return moment(first)
