"""Effects of returned payments on the plan, and payments that must be refunded."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from billing.models import DiscrepancyKind, PaymentPurpose, PaymentStatus, Plan
from billing.sync.projection.attribution import DAY, Bill
from billing.sync.projection.states import (
    EndCause,
    Mirror,
    PaymentState,
    Prices,
    Problem,
    RefundCause,
    Unearned,
    id_of,
)
from billing.sync.versions import Object, period_of

NOT_PAID = (PaymentStatus.PENDING, PaymentStatus.PROCESSING, PaymentStatus.FAILED)
PAID = (PaymentStatus.SUCCEEDED, PaymentStatus.PARTIALLY_REFUNDED)


@dataclass(frozen=True)
class Money:
    """Payments of a customer, with their bills."""

    mirror: Mirror
    payments: Sequence[PaymentState]
    bills: Mapping[str, Bill]

    def is_gone(self, payment: PaymentState) -> bool:
        """Return whether a payment was returned in full: refunded, or lost in a dispute."""
        lost = [item for item in self.mirror.disputes if item.get("status") == "lost"]
        charges = {id_of(item.get("charge")) for item in lost}
        is_refunded = payment.status == PaymentStatus.REFUNDED
        return is_refunded or payment.provider_payment_id in charges

    def last_for(self, subscription: Object, *, upgrade: bool) -> PaymentState | None:
        """Return the last payment for the present period, or for an upgrade within it.

        A payment whose bill is unknown is ignored until the bill arrives, because ending a
        subscription cannot be undone.
        """
        start = period_of(subscription)[0] - DAY
        found = [
            item
            for item in self.payments
            if item.status not in NOT_PAID
            and (bill := self.bills[item.provider_payment_id]).at >= start
            and bill.invoice is not None
            and bill.subscription_id == subscription["id"]
            and (bill.purpose == PaymentPurpose.UPGRADE) is upgrade
        ]
        return found[-1] if found else None


def is_taken_back(subscription: Object, money: Money) -> bool:
    """Return whether the payment for the present period was returned; this ends the plan."""
    paid = money.last_for(subscription, upgrade=False)
    return paid is not None and money.is_gone(paid)


def end_cause(subscription: Object, money: Money) -> EndCause:
    """Return the reason for the end of a subscription that has ended."""
    paid = money.last_for(subscription, upgrade=False)
    if paid is not None and money.is_gone(paid):
        is_refunded = paid.status == PaymentStatus.REFUNDED
        return EndCause.REFUNDED if is_refunded else EndCause.DISPUTED
    details = subscription.get("cancellation_details") or {}
    return EndCause.UNPAID if details.get("reason") == "payment_failed" else EndCause.OTHER


def plan_left(subscription: Object, plan: Plan, money: Money, prices: Prices) -> Plan:
    """Return the plan that is still paid: the old one if the upgrade's payment was returned."""
    paid = money.last_for(subscription, upgrade=True)
    if paid is None or not money.is_gone(paid):
        return plan
    # The upgrade's bill credits the old plan; the cheapest counts if no line names a plan.
    invoice = money.bills[paid.provider_payment_id].invoice
    old = Plan.BASIC
    for line in ((invoice or {}).get("lines") or {}).get("data") or []:
        details = (line.get("pricing") or {}).get("price_details") or {}
        price = id_of(details.get("price") or line.get("price"))
        if int(line.get("amount") or 0) < 0 and price in prices.plans:
            old = prices.plans[price]
            break
    return old if old.rank < plan.rank else plan


def unearned(money: Money, doubled: Collection[str]) -> Iterable[Unearned]:
    """Yield payments without a service in return.

    These are payments of a duplicate subscription, and of one that had ended before the payment.
    The second rule applies only if the provider has named the bill.
    """
    ends = {item["id"]: int(item.get("ended_at") or 0) for item in money.mirror.subscriptions}
    for payment in money.payments:
        if payment.status not in PAID or payment.disputed:
            continue
        bill = money.bills[payment.provider_payment_id]
        end = ends.get(bill.subscription_id, 0)
        if bill.subscription_id in doubled:
            yield Unearned(payment.provider_payment_id, RefundCause.DOUBLE)
        elif bill.sure and bill.at <= end <= payment.paid_at.timestamp():
            yield Unearned(payment.provider_payment_id, RefundCause.LATE)


def late_problems(found: Iterable[Unearned]) -> Iterable[Problem]:
    for item in found:
        if item.cause == RefundCause.LATE:
            detail = "Paid after the plan had ended; refunded. Check why the bill was still open."
            yield Problem(DiscrepancyKind.PAID_AFTER_END, item.payment_id, detail)
