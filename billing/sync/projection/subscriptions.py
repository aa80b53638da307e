"""Subscription row, projected from all subscriptions of a customer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from billing.models import CommandKind, DiscrepancyKind, PaymentPurpose, Plan, SubscriptionStatus
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
# Priority among several subscriptions: by status in this order, then the oldest first.
STATUS_PRIORITY = ("active", "trialing", "past_due", "unpaid", "paused", "incomplete")
ALIVE = STATUS_PRIORITY[:5]
RUNNING = ALIVE[:2]
OWING = ("past_due", "unpaid", "incomplete")
OVER = {"pay_url": "", "next_plan": "", "upgrade_plan": "", "past_due_since": None}


def with_changes(state: SubscriptionState, **changes: Any) -> SubscriptionState:
    return SubscriptionState(**{**vars(state), **changes})


def as_ended(state: SubscriptionState) -> SubscriptionState:
    """Return the state as canceled, without an open bill or a pending change."""
    return with_changes(state, status=SubscriptionStatus.CANCELED, **OVER)


def with_waiting_commands(
    state: SubscriptionState, waiting: Mapping[CommandKind, str]
) -> SubscriptionState:
    """Return the state with waiting commands applied, so that a change shows before the answer."""
    if CommandKind.END in waiting:
        return as_ended(state)
    if CommandKind.CANCEL in waiting:
        state = with_changes(state, cancel_at_period_end=True)
    elif CommandKind.REACTIVATE in waiting:
        state = with_changes(state, cancel_at_period_end=False, canceled_at=None)
    if CommandKind.SET_PLAN in waiting:
        state = with_changes(state, plan=Plan(waiting[CommandKind.SET_PLAN]), next_plan="")
    elif CommandKind.LOWER_LATER in waiting:
        state = with_changes(state, next_plan=waiting[CommandKind.LOWER_LATER])
    return state


def priority_key(data: Object, doubled: Collection[str] = ()) -> tuple[bool, int, int, str]:
    """Return a sort key, lowest first. A duplicate that was charged by mistake never counts."""
    status = data.get("status")
    made = int(data.get("created") or 0)
    double = data["id"] in doubled
    if status in STATUS_PRIORITY:
        return double, STATUS_PRIORITY.index(status), made, str(data["id"])
    return double, len(STATUS_PRIORITY), -made, str(data["id"])  # of those that are over, the last


def subscription_state(data: Object, mirror: Mirror, prices: Prices) -> SubscriptionState:
    start, end = period_of(data)
    if data.get("cancel_at"):  # set instead of `cancel_at_period_end` by the portal
        end = min(end, int(data["cancel_at"])) if int(data["cancel_at"]) > start else end
    plan, next_plan = _plans(data, prices, start=start)
    # An upgrade that waits for its payment.
    pending_items = (data.get("pending_update") or {}).get("subscription_items") or [{}]
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
        upgrade_plan=prices.plans.get(id_of(pending_items[0].get("price")), ""),
        past_due_since=_past_due_since(data, mirror, start=start),
        pay_url=_pay_url(data, mirror),
    )
    over = state.status == SubscriptionStatus.CANCELED or mirror.customer_gone
    return as_ended(state) if over else state


def price_of(subscription: Object) -> str:
    items = (subscription.get("items") or {}).get("data") or [{}]
    return id_of(items[0].get("price"))


def _plans(data: Object, prices: Prices, *, start: int) -> tuple[Plan, str]:
    """Return the plan of this period and that of the next, or empty if it is the same.

    A downgrade sets the new price at once, so that the next bill uses it. Until then the
    subscription's metadata holds the plan that this period was paid for.
    """
    plan = prices.plans.get(price_of(data), Plan.FREE)
    metadata = data.get("metadata") or {}
    until = str(metadata.get("held_until", ""))
    held = str(metadata.get("held_plan", ""))
    if not until.isdecimal() or int(until) <= start or held not in Plan.values:
        return plan, ""
    return (Plan(held), plan) if Plan(held).rank > plan.rank else (plan, "")


def is_given_up(data: Object) -> bool:
    """Return whether a subscription was canceled in an unpaid period, so that it can end now.

    Our own pages end it at once; the provider's portal cancels at the end of the period.
    """
    is_canceled = data.get("cancel_at_period_end") or data.get("cancel_at")
    return bool(is_canceled) and data.get("status") in ("past_due", "unpaid")


def _bills(data: Object, mirror: Mirror, *statuses: str) -> list[Object]:
    """Return a subscription's bills in these states, the oldest first."""
    own_bills = [
        item
        for item in mirror.invoices
        if item.get("status") in statuses and subscription_billed(item) == data["id"]
    ]
    return sorted(own_bills, key=lambda item: (int(item.get("created") or 0), str(item["id"])))


def _pay_url(data: Object, mirror: Mirror) -> str:
    """Return the page of the latest open bill; a draft after it cannot be paid yet."""
    if data.get("status") not in OWING and not data.get("pending_update"):
        return ""
    latest = id_of(data.get("latest_invoice"))
    bills = _bills(data, mirror, "open")
    bills.sort(key=lambda item: item["id"] == latest)
    return str(bills[-1].get("hosted_invoice_url") or "") if bills else ""


def _past_due_since(data: Object, mirror: Mirror, *, start: int) -> Any:
    """Return the start of the oldest unpaid period: the first open bill after the last paid one."""
    if data.get("status") != "past_due":
        return None
    periods = [
        item
        for item in _bills(data, mirror, "open", "paid")
        if item.get("created") and purpose_of(item) != PaymentPurpose.UPGRADE
    ]
    paid = [int(item["created"]) for item in periods if item["status"] == "paid"]
    owed = [int(item["created"]) for item in periods if item["status"] == "open"]
    return moment(min([start, *(at for at in owed if at > max(paid, default=0))]))


def alive_ids(subscriptions: Iterable[Object], mirror: Mirror) -> tuple[str, ...]:
    """Return the ids of subscriptions that still bill; none for a deleted customer."""
    if mirror.customer_gone:
        return ()
    return tuple(sorted(item["id"] for item in subscriptions if item.get("status") in ALIVE))


def bills_to_void(mirror: Mirror) -> list[str]:
    """Return the ids of payable bills whose subscription has ended."""
    ended = [item for item in mirror.subscriptions if item.get("status") == "canceled"]
    payable = [bill for item in ended for bill in _bills(item, mirror, "open", "uncollectible")]
    return sorted(bill["id"] for bill in payable)


def problems_of(ranked: Sequence[Object], prices: Prices) -> Iterable[Problem]:
    for place, data in enumerate(ranked):
        if data.get("status") not in ALIVE:
            continue
        if price_of(data) not in prices.plans:
            detail = f"No plan is configured for {price_of(data) or 'no price'}."
            yield Problem(DiscrepancyKind.UNKNOWN_PRICE, data["id"], detail)
        currency = str(data.get("currency") or prices.currency).upper()
        if currency != prices.currency:
            detail = f"Billed in {currency}; we sell in {prices.currency}."
            yield Problem(DiscrepancyKind.CURRENCY, data["id"], detail)
        if place and {data["status"], ranked[0]["status"]} <= set(RUNNING):
            detail = f"Duplicate of {ranked[0]['id']}: ended, and its payment refunded."
            yield Problem(DiscrepancyKind.SECOND_SUBSCRIPTION, data["id"], detail)
