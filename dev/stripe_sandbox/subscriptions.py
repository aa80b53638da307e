"""Subscriptions and their bills: start, renewal, failure, change, end."""

import calendar
import os
from datetime import UTC, datetime
from typing import Any

from localstripe.errors import UserError
from localstripe.resources import StripeObject, random_id, store

from dev.stripe_sandbox.objects import ASKS, PAYS, Price, SandboxCharge, SandboxCustomer, every
from dev.stripe_sandbox.store import DAY, address, now, send_event

GIVES_UP_AFTER = 21 * DAY
UPDATE_WAITS = 23 * 3600


def a_month_after(at: int) -> int:
    day = datetime.fromtimestamp(at, UTC)
    year = day.year + day.month // 12
    month = day.month % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return int(day.replace(year=year, month=month, day=min(day.day, last)).timestamp())


class SandboxInvoice(StripeObject):
    object = "invoice"
    _id_prefix = "in_"

    def __init__(
        self, subscription: "SandboxSubscription", amount: int, why: str, lines: list[Any]
    ) -> None:
        super().__init__()
        self.created = now()
        self.customer = subscription.customer
        self.subscription = subscription.id
        self.currency = subscription.currency
        self.total = amount
        self.status = "open"
        self.billing_reason = why
        self.attempt_count = 0
        self.hosted_invoice_url = address(f"/i/{self.id}")
        self.metadata: dict[str, Any] = {}
        self.lines = {"object": "list", "data": lines}
        self.parent = {
            "type": "subscription_details",
            "subscription_details": {"subscription": subscription.id},
        }

    def _collect(self, card: str) -> bool:
        """Use the customer's credit, then charge the card; return whether the bill is paid."""
        customer: SandboxCustomer = store[f"customer:{self.customer}"]
        credit = min(-customer.balance, self.total) if self.attempt_count == 0 else 0
        self.attempt_count += 1
        customer.balance += credit
        self.total -= credit
        first = self.billing_reason == "subscription_create"
        what = "Subscription creation" if first else "Subscription update"  # Stripe's own words
        if self.total:
            charge = SandboxCharge(
                amount=self.total, customer=self.customer, card=card, description=what
            )
            if charge.status != "succeeded":
                send_event("invoice.payment_failed", self)
                return False
            SandboxInvoicePayment(self, charge)
        self.status = "paid"
        send_event("invoice.paid", self)
        return True

    def _void(self) -> None:
        if self.status not in {"open", "uncollectible"}:
            raise UserError(400, f"You can only void open invoices; this one is {self.status}.")
        self.status = "void"
        send_event("invoice.voided", self)


class SandboxInvoicePayment(StripeObject):
    """Link between a charge and its bill, because neither names the other."""

    object = "invoice_payment"
    _id_prefix = "inpay_"

    def __init__(self, invoice: SandboxInvoice, charge: SandboxCharge) -> None:
        super().__init__()
        self.created = now()
        self.currency = invoice.currency
        self.invoice = invoice.id
        self.status = "paid"
        self.is_default = True
        self.amount_paid = self.amount_requested = charge.amount
        self.payment = {"type": "payment_intent", "payment_intent": charge.payment_intent}
        send_event("invoice_payment.paid", self)


class SandboxSubscription(StripeObject):
    object = "subscription"
    _id_prefix = "sub_"
    # Defaults for subscriptions in a file that was saved before these fields existed.
    pending_update: dict[str, Any] | None = None
    cancellation_details: dict[str, Any] = {"reason": None}

    def __init__(self, *, customer: str, price: str, trial_days: int, metadata: Any) -> None:
        super().__init__()
        self.created = self.start_date = now()
        self.customer = customer
        self.metadata = metadata or {}
        self.currency = os.environ.get("PLAN_CURRENCY", "USD").lower()
        self.status = "trialing" if trial_days else "incomplete"
        self.canceled_at: int | None = None
        self.ended_at: int | None = None
        self.cancel_at = self.latest_invoice = None
        self.pending_update = None
        self.cancellation_details = {"reason": None}
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

    def _bill(self, amount: int, why: str, card: str, lines: list[Any] | None = None) -> bool:
        invoice = SandboxInvoice(self, amount, why, lines or [_line(amount, self._price)])
        self.latest_invoice = invoice.id
        send_event("invoice.finalized", invoice)
        return invoice._collect(card)

    def _tick(self) -> bool:
        """Apply a change that is due by the clock; return whether one was due."""
        start, end = self._period
        if self.pending_update and self.pending_update["expires_at"] <= now():
            self._drop_update()
        if self.status in {"active", "trialing"} and end <= now():
            if self.cancel_at_period_end:
                self._end()
                return True
            self._set(self._price, end, a_month_after(end))
            card = store[f"customer:{self.customer}"].card or PAYS
            paid = self._bill(Price.amount(self._price), "subscription_cycle", card)
            self.status = "active" if paid else "past_due"
            send_event("customer.subscription.updated", self)
            return True
        if self.status == "past_due" and start + GIVES_UP_AFTER <= now():
            self._end(why="payment_failed")
            return True
        return False

    def _difference(self, price: str, at: int) -> int:
        """Return the additional cost of the rest of the period at another price."""
        start, end = self._period
        rest = max(0, end - max(at, start)) / (end - start)
        more = round((Price.amount(price) - Price.amount(self._price)) * rest)
        return more if self.status != "trialing" else 0

    def _change(self, price: str, *, behaviour: str, at: int, may_wait: bool) -> None:
        """Change the price, and charge the difference, credit it, or ignore it.

        If the payment fails, the change waits, as with `pending_if_incomplete`.
        """
        customer = store[f"customer:{self.customer}"]
        difference = self._difference(price, at)
        if difference > 0 and behaviour == "always_invoice":
            lines = [_line(-1, self._price), _line(difference + 1, price)]
            card = customer.card or PAYS
            if card == ASKS or not self._bill(difference, "subscription_update", card, lines):
                self._wait(price, difference, lines, asks=card == ASKS, may_wait=may_wait)
                return
        elif behaviour != "none":
            customer.balance += difference
        self._apply(price)

    def _wait(
        self, price: str, amount: int, lines: list[Any], *, asks: bool, may_wait: bool
    ) -> None:
        if not may_wait:
            raise UserError(402, "Your card was declined.", {"code": "card_declined"})
        if asks:  # the bank requires authentication, so no charge is made yet
            invoice = SandboxInvoice(self, amount, "subscription_update", lines)
            self.latest_invoice = invoice.id
            send_event("invoice.payment_action_required", invoice)
        self.pending_update = {
            "expires_at": now() + UPDATE_WAITS,
            "subscription_items": [{"object": "subscription_item", "price": Price.export(price)}],
        }
        send_event("customer.subscription.updated", self)

    def _apply(self, price: str) -> None:
        self._set(price, *self._period)
        self.pending_update = None
        send_event("customer.subscription.updated", self)

    def _drop_update(self) -> None:
        """Void the bill of a pending update that was not paid in time, and drop the update."""
        invoice = store[f"invoice:{self.latest_invoice}"]
        if invoice.status == "open":
            invoice._void()
        self.pending_update = None
        send_event("customer.subscription.pending_update_expired", self)

    def _paid(self, invoice: SandboxInvoice) -> None:
        """Apply the payment of a bill on its hosted page."""
        if invoice.billing_reason == "subscription_update" and self.pending_update:
            self._apply(self.pending_update["subscription_items"][0]["price"]["id"])
        elif self.status == "past_due":
            self.status = "active"
            send_event("customer.subscription.updated", self)

    def _end(self, *, why: str = "cancellation_requested") -> None:
        self.status = "canceled"
        self.ended_at = now()
        self.canceled_at = self.canceled_at or now()
        self.cancellation_details = {"comment": None, "feedback": None, "reason": why}
        send_event("customer.subscription.deleted", self)


def _line(amount: int, price: str) -> dict[str, Any]:
    details = {"price_details": {"price": price}, "type": "price_details"}
    return {"object": "line_item", "amount": amount, "pricing": details}


def subscription_begin(
    *, customer: str, price: str, card: str, trial_days: int, metadata: Any, percent_off: int = 0
) -> SandboxSubscription | None:
    """Return a new, paid subscription, or None if the card was declined."""
    subscription = SandboxSubscription(
        customer=customer, price=price, trial_days=trial_days, metadata=metadata
    )
    amount = Price.amount(price) * (100 - percent_off) // 100
    if not trial_days and not subscription._bill(amount, "subscription_create", card):
        subscription.status = "incomplete_expired"
        store[f"invoice:{subscription.latest_invoice}"]._void()
        send_event("customer.subscription.updated", subscription)
        return None
    subscription.status = "trialing" if trial_days else "active"
    store[f"customer:{customer}"].card = card
    send_event("customer.subscription.created", subscription)
    return subscription


def tick() -> None:
    """Apply all changes that are due by now, month by month."""
    for _ in range(120):
        moved = [item._tick() for item in every("subscription")]
        if not any(moved):
            return
