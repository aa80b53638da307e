"""Since when a subscription owes money, as the inbox has it."""

from datetime import datetime

from billing.models import ProviderEvent
from billing.sync.projection.states import moment
from billing.sync.versions import Version, order_of, period_of

OWING = ("past_due", "unpaid")
# A debt that is left open for years: no older version can matter.
VERSIONS_READ = 100


def debt_begin(subscription_id: str, *, provider: str) -> datetime | None:
    """Return the start of the first period of the present debt.

    Stripe can be set to leave a subscription past due, period after period. Versions of it are
    read from the newest back to the last one that was paid up, whatever order they came in.
    """
    rows = ProviderEvent.objects.filter(provider=provider, object_id=subscription_id)
    versions = [
        Version(at=at, fetched=fetched, id=event_id, object=payload["data"]["object"])
        for at, fetched, event_id, payload in rows.order_by("-version_at").values_list(
            "version_at", "fetched", "event_id", "payload"
        )[:VERSIONS_READ]
    ]
    first = 0
    for version in sorted(versions, key=order_of, reverse=True):
        if version.object.get("status") not in OWING:
            break
        start = period_of(version.object)[0]
        first = min(first or start, start)
    return moment(first)
