"""What follows from money that went back, and which money has to go back."""

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
KEPT = (PaymentStatus.SUCCEEDED, PaymentStatus.PARTIALLY_REFUNDED)


@dataclass(frozen=True)
class Money:
    """A customer's payments with their bills."""

    mirror: Mirror
    payments: Sequence[PaymentState]
    bills: Mapping[str, Bill]

    def is_gone(self, payment: PaymentState) -> bool:
        """Whether all of a payment went back: it was refunded, or a dispute was lost."""
        lost = [item for item in self.mirror.disputes if item.get("status") == "lost"]
        charges = {id_of(item.get("charge")) for item in lost}
        is_refunded = payment.status == PaymentStatus.REFUNDED
        return is_refunded or payment.provider_payment_id in charges

    def last_for(self, subscription: Object, *, upgrade: bool) -> PaymentState | None:
        """Return the last payment for the present period, or for a change of plan within it.

        A payment whose bill is not known yet waits for it: an end cannot be taken back.
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
    """Whether the money for the present period went back, which ends the subscription."""
    paid = money.last_for(subscription, upgrade=False)
    return paid is not None and money.is_gone(paid)


def end_cause(subscription: Object, money: Money) -> EndCause:
    """Return why a subscription is over, where it is."""
    paid = money.last_for(subscription, upgrade=False)
    if paid is not None and money.is_gone(paid):
        is_refunded = paid.status == PaymentStatus.REFUNDED
        return EndCause.REFUNDED if is_refunded else EndCause.DISPUTED
    details = subscription.get("cancellation_details") or {}
    return EndCause.UNPAID if details.get("reason") == "payment_failed" else EndCause.OTHER


def plan_left(subscription: Object, plan: Plan, money: Money, prices: Prices) -> Plan:
    """Return the plan that is still paid for: the old one, where the upgrade's money went back."""
    paid = money.last_for(subscription, upgrade=True)
    if paid is None or not money.is_gone(paid):
        return plan
    old = _plan_before(money.bills[paid.provider_payment_id].invoice, prices)
    return old if old.rank < plan.rank else plan


def _plan_before(invoice: Object | None, prices: Prices) -> Plan:
    """The plan that an upgrade's bill credits; the cheapest where the bill does not say it."""
    lines = ((invoice or {}).get("lines") or {}).get("data") or []
    for line in lines:
        if int(line.get("amount") or 0) < 0 and (price := _price_of(line)) in prices.plans:
            return prices.plans[price]
    return Plan.BASIC


def _price_of(line: Object) -> str:
    details = (line.get("pricing") or {}).get("price_details") or {}
    return id_of(details.get("price") or line.get("price"))


def unearned(money: Money, doubled: Collection[str]) -> Iterable[Unearned]:
    """Yield payments for which nothing was given: of a second subscription, or of one that had
    ended before it was paid. The second rule needs the provider's own word on the bill.
    """
    ends = {item["id"]: int(item.get("ended_at") or 0) for item in money.mirror.subscriptions}
    for payment in money.payments:
        if payment.status not in KEPT or payment.disputed:
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
            said = "Paid after its subscription had ended: refunded. See why the bill was open."
            yield Problem(DiscrepancyKind.PAID_AFTER_END, item.payment_id, said)
