"""From a provider's objects to our rows: a pure function of the mirror.

No clock, no database, no order of arrival: the same mirror always gives the same subscription,
payments and ledger, which is why all of them can be thrown away and made again.
"""

from collections.abc import Iterable

from billing.models import OrderKind, SubscriptionStatus
from billing.projection.payments import entries_of, payment_of
from billing.projection.states import Mirror, Prices, Projection, SubscriptionState, by_time
from billing.projection.subscriptions import (
    ALIVE,
    changed,
    problems_of,
    subscription_of,
    taken_back,
    wished,
    worth,
)

__all__ = ["Mirror", "Prices", "Projection", "SubscriptionState", "project"]


def project(mirror: Mirror, *, prices: Prices, waiting: Iterable[OrderKind] = ()) -> Projection:
    """`waiting` is what was asked of the provider and it has not done yet."""
    ranked = sorted(mirror.subscriptions, key=worth)
    payments = tuple(payment_of(charge, mirror) for charge in by_time(mirror.charges))
    state, to_end = SubscriptionState(), ranked[1:]
    if ranked:
        state = subscription_of(ranked[0], mirror, prices)
        if taken_back(ranked[0], payments, mirror):
            state, to_end = changed(state, status=SubscriptionStatus.CANCELED), ranked
    return Projection(
        subscription=wished(state, set(waiting)),
        payments=payments,
        entries=tuple(entries_of(mirror)),
        problems=tuple(problems_of(ranked, prices)),
        to_end=tuple(sorted(item["id"] for item in to_end if item.get("status") in ALIVE)),
    )
