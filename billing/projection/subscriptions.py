"""A customer's subscriptions as the one row we keep."""

from collections.abc import Iterable, Sequence
from typing import Any

from billing.models import DiscrepancyKind, OrderKind, PaymentStatus, Plan, SubscriptionStatus
from billing.projection.states import (
    Mirror,
    PaymentState,
    Prices,
    Problem,
    SubscriptionState,
    id_of,
    moment,
)
from billing.versions import Object, period_of

STATUSES = {
    "active": SubscriptionStatus.ACTIVE,
    "trialing": SubscriptionStatus.TRIALING,
    "past_due": SubscriptionStatus.PAST_DUE,
    "unpaid": SubscriptionStatus.UNPAID,
    "paused": SubscriptionStatus.UNPAID,
    "incomplete": SubscriptionStatus.INCOMPLETE,
    "incomplete_expired": SubscriptionStatus.CANCELED,
    "canceled": SubscriptionStatus.CANCELED,
}
# Of several subscriptions the one that counts: the most alive, then the first made.
WORTH = ("active", "trialing", "past_due", "unpaid", "paused", "incomplete")
ALIVE = WORTH[:5]
DAY = 86_400


def changed(state: SubscriptionState, **changes: Any) -> SubscriptionState:
    return SubscriptionState(**{**vars(state), **changes})


def wished(state: SubscriptionState, waiting: set[OrderKind]) -> SubscriptionState:
    """A cancellation counts from the click on, whatever the provider has heard of it."""
    if OrderKind.END in waiting:
        return changed(state, status=SubscriptionStatus.CANCELED)
    if OrderKind.CANCEL in waiting:
        return changed(state, cancel_at_period_end=True)
    if OrderKind.REACTIVATE in waiting:
        return changed(state, cancel_at_period_end=False, canceled_at=None)
    return state


def worth(data: Object) -> tuple[int, int, str]:
    status, made = data.get("status"), int(data.get("created") or 0)
    if status in WORTH:
        return WORTH.index(status), made, str(data["id"])
    return len(WORTH), -made, str(data["id"])  # of those that are over, the last


def subscription_of(data: Object, mirror: Mirror, prices: Prices) -> SubscriptionState:
    start, end = period_of(data)
    if data.get("cancel_at"):  # how the portal says it
        end = min(end, int(data["cancel_at"])) if int(data["cancel_at"]) > start else end
    trial_start = data.get("trial_start")
    return SubscriptionState(
        plan=prices.plans.get(price_of(data), Plan.FREE),
        status=STATUSES.get(str(data.get("status")), SubscriptionStatus.UNPAID),
        provider_subscription_id=data["id"],
        current_period_start=moment(start),
        current_period_end=moment(end) if end > start else None,
        cancel_at_period_end=bool(data.get("cancel_at_period_end") or data.get("cancel_at")),
        canceled_at=moment(data.get("canceled_at")),
        trial_ends_at=moment(data.get("trial_end")),
        trial_used_at=moment(trial_start),
        pay_url=_pay_url(data, mirror),
    )


def price_of(subscription: Object) -> str:
    items = (subscription.get("items") or {}).get("data") or [{}]
    return str((items[0].get("price") or {}).get("id", ""))


def _pay_url(data: Object, mirror: Mirror) -> str:
    latest = id_of(data.get("latest_invoice"))
    bills = [bill for bill in mirror.invoices if bill["id"] == latest]
    open_bills = [bill for bill in bills if bill.get("status") == "open"]
    return str(open_bills[0].get("hosted_invoice_url") or "") if open_bills else ""


def taken_back(main: Object, payments: Sequence[PaymentState], mirror: Mirror) -> bool:
    """Whether the money for the present period went back: all of it refunded, or a dispute lost."""
    start = period_of(main)[0] - DAY
    paid = [
        item
        for item in payments
        if item.status not in NOT_PAID and item.paid_at.timestamp() >= start
    ]
    if not paid:
        return False
    lost = {id_of(item.get("charge")) for item in mirror.disputes if item.get("status") == "lost"}
    last = paid[-1]
    return last.status == PaymentStatus.REFUNDED or last.provider_payment_id in lost


NOT_PAID = (PaymentStatus.PENDING, PaymentStatus.PROCESSING, PaymentStatus.FAILED)


def problems_of(ranked: Sequence[Object], prices: Prices) -> Iterable[Problem]:
    for place, data in enumerate(ranked):
        if data.get("status") not in ALIVE:
            continue
        if price_of(data) not in prices.plans:
            said = f"Nobody told us which plan {price_of(data) or 'no price'} is."
            yield Problem(DiscrepancyKind.UNKNOWN_PRICE, data["id"], said)
        currency = str(data.get("currency") or prices.currency).upper()
        if currency != prices.currency:
            said = f"Billed in {currency}, and we sell in {prices.currency}."
            yield Problem(DiscrepancyKind.CURRENCY, data["id"], said)
        if place:
            said = f"A second subscription beside {ranked[0]['id']}: ended, look at its payment."
            yield Problem(DiscrepancyKind.SECOND_SUBSCRIPTION, data["id"], said)
