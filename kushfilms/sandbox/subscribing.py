"""Subscriptions and their bills: begun, renewed, failed, changed, ended."""

import calendar
import os
from datetime import UTC, datetime
from typing import Any

from localstripe.errors import UserError
from localstripe.resources import StripeObject, random_id, store

from kushfilms.sandbox.ground import DAY, address, now, tell
from kushfilms.sandbox.things import PAYS, Price, SandboxCharge, SandboxCustomer, every

GIVES_UP_AFTER = 21 * DAY


def a_month_after(at: int) -> int:
    day = datetime.fromtimestamp(at, UTC)
    year, month = (day.year + day.month // 12, day.month % 12 + 1)
    last = calendar.monthrange(year, month)[1]
    return int(day.replace(year=year, month=month, day=min(day.day, last)).timestamp())


class SandboxInvoice(StripeObject):
    object = "invoice"
    _id_prefix = "in_"

    def __init__(self, subscription: "SandboxSubscription", amount: int, why: str) -> None:
        super().__init__()
        self.created = now()
        self.customer, self.subscription = subscription.customer, subscription.id
        self.currency, self.total = subscription.currency, amount
        self.status, self.billing_reason, self.attempt_count = "open", why, 0
        self.hosted_invoice_url = address(f"/i/{self.id}")
        self.metadata: dict[str, Any] = {}
        self.parent = {
            "type": "subscription_details",
            "subscription_details": {"subscription": subscription.id},
        }

    def _collect(self, card: str) -> bool:
        """Credit first, then the card. Whether it is paid now."""
        customer: SandboxCustomer = store[f"customer:{self.customer}"]
        credit = min(-customer.balance, self.total) if self.attempt_count == 0 else 0
        self.attempt_count += 1
        customer.balance += credit
        self.total -= credit
        what = self.billing_reason.replace("_", " ").capitalize()
        if self.total and not _charged(self.total, self.customer, card, what):
            tell("invoice.payment_failed", self)
            return False
        self.status = "paid"
        tell("invoice.paid", self)
        return True


def _charged(amount: int, customer: str, card: str, what: str) -> bool:
    charge = SandboxCharge(amount=amount, customer=customer, card=card, description=what)
    return bool(charge.status == "succeeded")


class SandboxSubscription(StripeObject):
    object = "subscription"
    _id_prefix = "sub_"

    def __init__(self, *, customer: str, price: str, trial_days: int, metadata: Any) -> None:
        super().__init__()
        self.created = self.start_date = now()
        self.customer, self.metadata = customer, metadata or {}
        self.currency = os.environ.get("PLAN_CURRENCY", "USD").lower()
        self.status = "trialing" if trial_days else "incomplete"
        self.canceled_at: int | None = None
        self.ended_at: int | None = None
        self.cancel_at = self.latest_invoice = None
        self.cancel_at_period_end = False
        self.trial_start = self.created if trial_days else None
        self.trial_end = self.created + trial_days * DAY if trial_days else None
        self.items: dict[str, Any] = {"object": "list", "data": [{"id": f"si_{random_id(14)}"}]}
        self._set(price, self.created, self.trial_end or a_month_after(self.created))

    def _set(self, price: str, start: int, end: int) -> None:
        item = {"object": "subscription_item", "quantity": 1, "price": Price.export(price)}
        item |= {"current_period_start": start, "current_period_end": end}
        self.items = {**self.items, "data": [{**self.items["data"][0], **item}]}

    @property
    def _price(self) -> str:
        return str(self.items["data"][0]["price"]["id"])

    @property
    def _period(self) -> tuple[int, int]:
        item = self.items["data"][0]
        return item["current_period_start"], item["current_period_end"]

    def _bill(self, amount: int, why: str, card: str) -> bool:
        invoice = SandboxInvoice(self, amount, why)
        self.latest_invoice = invoice.id
        tell("invoice.finalized", invoice)
        return invoice._collect(card)

    def _tick(self) -> bool:
        """What the clock brings; whether there was anything."""
        start, end = self._period
        if self.status in {"active", "trialing"} and end <= now():
            if self.cancel_at_period_end:
                self._end()
                return True
            self._set(self._price, end, a_month_after(end))
            card = store[f"customer:{self.customer}"].card or PAYS
            paid = self._bill(Price.amount(self._price), "subscription_cycle", card)
            self.status = "active" if paid else "past_due"
            tell("customer.subscription.updated", self)
            return True
        if self.status == "past_due" and start + GIVES_UP_AFTER <= now():
            self._end()
            return True
        return False

    def _change(self, price: str, behaviour: str) -> None:
        """The rest of the period at the new price: the difference now, or as a credit."""
        start, end = self._period
        rest = max(0, end - now()) / (end - start)
        difference = round((Price.amount(price) - Price.amount(self._price)) * rest)
        customer = store[f"customer:{self.customer}"]
        if difference > 0 and behaviour == "always_invoice":
            if not self._bill(difference, "subscription_update", customer.card or PAYS):
                raise UserError(402, "Your card was declined.", {"code": "card_declined"})
        else:
            customer.balance += difference
        self._set(price, start, end)
        tell("customer.subscription.updated", self)

    def _end(self) -> None:
        self.status = "canceled"
        self.ended_at = now()
        self.canceled_at = self.canceled_at or now()
        tell("customer.subscription.deleted", self)


def subscription_begin(
    *, customer: str, price: str, card: str, trial_days: int, metadata: Any, percent_off: int = 0
) -> SandboxSubscription | None:
    """Bought and paid; None where the card was declined, and nothing is left of it."""
    made = SandboxSubscription(
        customer=customer, price=price, trial_days=trial_days, metadata=metadata
    )
    amount = Price.amount(price) * (100 - percent_off) // 100
    if not trial_days and not made._bill(amount, "subscription_create", card):
        made.status = "incomplete_expired"
        tell("customer.subscription.updated", made)
        return None
    made.status = "trialing" if trial_days else "active"
    store[f"customer:{customer}"].card = card
    tell("customer.subscription.created", made)
    return made


def tick() -> None:
    """Everything that is due by now, month by month."""
    for _ in range(120):
        moved = [item._tick() for item in every("subscription")]
        if not any(moved):
            return
