"""A customer's subscriptions as the one row we keep."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from billing.models import DiscrepancyKind, OrderKind, PaymentPurpose, Plan, SubscriptionStatus
from billing.sync.projection.attribution import purpose_of, subscription_billed
from billing.sync.projection.states import (
    Mirror,
    Prices,
    Problem,
    SubscriptionState,
    id_of,
    moment,
)
from billing.sync.versions import Object, period_of

STATUSES = {
    "active": SubscriptionStatus.ACTIVE,
    "trialing": SubscriptionStatus.TRIALING,
    "past_due": SubscriptionStatus.PAST_DUE,
    "unpaid": SubscriptionStatus.UNPAID,
    "paused": SubscriptionStatus.PAUSED,
    "incomplete": SubscriptionStatus.INCOMPLETE,
    "incomplete_expired": SubscriptionStatus.CANCELED,
    "canceled": SubscriptionStatus.CANCELED,
}
# Of several subscriptions the one that counts: the most alive, then the first made.
WORTH = ("active", "trialing", "past_due", "unpaid", "paused", "incomplete")
ALIVE = WORTH[:5]
RUNNING = ALIVE[:2]
OWING = ("past_due", "unpaid", "incomplete")
OVER = {"pay_url": "", "next_plan": "", "upgrade_plan": "", "past_due_since": None}


def changed(state: SubscriptionState, **changes: Any) -> SubscriptionState:
    return SubscriptionState(**{**vars(state), **changes})


def ended(state: SubscriptionState) -> SubscriptionState:
    """Return the state without anything to pay or to come."""
    return changed(state, status=SubscriptionStatus.CANCELED, **OVER)


def wished(state: SubscriptionState, waiting: Mapping[OrderKind, str]) -> SubscriptionState:
    """Return the state as asked for: an order counts from the click on, not from its answer."""
    if OrderKind.END in waiting:
        return ended(state)
    if OrderKind.CANCEL in waiting:
        state = changed(state, cancel_at_period_end=True)
    elif OrderKind.REACTIVATE in waiting:
        state = changed(state, cancel_at_period_end=False, canceled_at=None)
    if OrderKind.SET_PLAN in waiting:
        state = changed(state, plan=Plan(waiting[OrderKind.SET_PLAN]), next_plan="")
    elif OrderKind.LOWER_LATER in waiting:
        state = changed(state, next_plan=waiting[OrderKind.LOWER_LATER])
    return state


def worth(data: Object, doubled: Collection[str] = ()) -> tuple[bool, int, int, str]:
    """Return a sort key. A second subscription that was charged by mistake never counts."""
    status, made, double = data.get("status"), int(data.get("created") or 0), data["id"] in doubled
    if status in WORTH:
        return double, WORTH.index(status), made, str(data["id"])
    return double, len(WORTH), -made, str(data["id"])  # of those that are over, the last


def subscription_of(data: Object, mirror: Mirror, prices: Prices) -> SubscriptionState:
    start, end = period_of(data)
    if data.get("cancel_at"):  # how the portal says it
        end = min(end, int(data["cancel_at"])) if int(data["cancel_at"]) > start else end
    plan, next_plan = _plans(data, prices, start=start)
    state = SubscriptionState(
        plan=plan,
        status=STATUSES.get(str(data.get("status")), SubscriptionStatus.UNPAID),
        provider_subscription_id=data["id"],
        current_period_start=moment(start),
        current_period_end=moment(end) if end > start else None,
        cancel_at_period_end=bool(data.get("cancel_at_period_end") or data.get("cancel_at")),
        canceled_at=moment(data.get("canceled_at")),
        trial_ends_at=moment(data.get("trial_end")),
        trial_used_at=moment(data.get("trial_start")),
        next_plan=next_plan,
        upgrade_plan=_upgrade(data, prices),
        past_due_since=_past_due_since(data, mirror, start=start),
        pay_url=_pay_url(data, mirror),
    )
    over = state.status == SubscriptionStatus.CANCELED or mirror.customer_gone
    return ended(state) if over else state


def price_of(subscription: Object) -> str:
    items = (subscription.get("items") or {}).get("data") or [{}]
    return id_of(items[0].get("price"))


def _plans(data: Object, prices: Prices, *, start: int) -> tuple[Plan, str]:
    """Return the plan of this period and, where it is another, that of the next one.

    A change to a cheaper plan sets the price at once, so that the next bill has it. The dearer
    plan that this period was paid with stands in the subscription's own metadata until then.
    """
    plan = prices.plans.get(price_of(data), Plan.FREE)
    kept = data.get("metadata") or {}
    until, held = str(kept.get("held_until", "")), str(kept.get("held_plan", ""))
    if not until.isdecimal() or int(until) <= start or held not in Plan.values:
        return plan, ""
    return (Plan(held), plan) if Plan(held).rank > plan.rank else (plan, "")


def _upgrade(data: Object, prices: Prices) -> str:
    """The plan of a change that waits for its payment, or an empty text."""
    items = (data.get("pending_update") or {}).get("subscription_items") or [{}]
    return prices.plans.get(id_of(items[0].get("price")), "")


def is_given_up(data: Object) -> bool:
    """Whether it was canceled while its period is not paid: such a period has nothing to wait for.

    Our own pages end it at once; the provider's portal cancels at the end of the period.
    """
    asked = data.get("cancel_at_period_end") or data.get("cancel_at")
    return bool(asked) and data.get("status") in ("past_due", "unpaid")


def _bills(data: Object, mirror: Mirror, *statuses: str) -> list[Object]:
    """Its bills in these states, the oldest first."""
    mine = [
        item
        for item in mirror.invoices
        if item.get("status") in statuses and subscription_billed(item) == data["id"]
    ]
    return sorted(mine, key=lambda item: (int(item.get("created") or 0), str(item["id"])))


def _pay_url(data: Object, mirror: Mirror) -> str:
    """The page of the open bill that is paid next: the newest, were it not for a draft after it."""
    if data.get("status") not in OWING and not data.get("pending_update"):
        return ""
    latest, bills = id_of(data.get("latest_invoice")), _bills(data, mirror, "open")
    bills.sort(key=lambda item: item["id"] == latest)
    return str(bills[-1].get("hosted_invoice_url") or "") if bills else ""


def _past_due_since(data: Object, mirror: Mirror, *, start: int) -> Any:
    """The start of the oldest period that is owed: bills after the last one that was paid."""
    if data.get("status") != "past_due":
        return None
    periods = [item for item in _bills(data, mirror, "open", "paid") if _is_for_a_period(item)]
    paid = [int(item["created"]) for item in periods if item["status"] == "paid"]
    owed = [int(item["created"]) for item in periods if item["status"] == "open"]
    return moment(min([start, *(at for at in owed if at > max(paid, default=0))]))


def _is_for_a_period(invoice: Object) -> bool:
    return bool(invoice.get("created")) and purpose_of(invoice) != PaymentPurpose.UPGRADE


def alive_ids(subscriptions: Iterable[Object], mirror: Mirror) -> tuple[str, ...]:
    """Return the ids of those that still bill: none of a customer the provider has deleted."""
    if mirror.customer_gone:
        return ()
    return tuple(sorted(item["id"] for item in subscriptions if item.get("status") in ALIVE))


def bills_to_void(mirror: Mirror) -> list[str]:
    """Return the ids of bills that could still be paid though their subscription has ended."""
    over = [item for item in mirror.subscriptions if item.get("status") == "canceled"]
    open_ = [bill for item in over for bill in _bills(item, mirror, "open", "uncollectible")]
    return sorted(bill["id"] for bill in open_)


def problems_of(ranked: Sequence[Object], prices: Prices) -> Iterable[Problem]:
    for place, data in enumerate(ranked):
        if data.get("status") not in ALIVE:
            continue
        if price_of(data) not in prices.plans:
            said = f"No plan is configured for {price_of(data) or 'no price'}."
            yield Problem(DiscrepancyKind.UNKNOWN_PRICE, data["id"], said)
        currency = str(data.get("currency") or prices.currency).upper()
        if currency != prices.currency:
            said = f"Billed in {currency}, and we sell in {prices.currency}."
            yield Problem(DiscrepancyKind.CURRENCY, data["id"], said)
        if place and {data["status"], ranked[0]["status"]} <= set(RUNNING):
            said = f"A second subscription beside {ranked[0]['id']}: ended, its payment refunded."
            yield Problem(DiscrepancyKind.SECOND_SUBSCRIPTION, data["id"], said)
