"""Stripe's objects and events in the shape of API 2026-05-27.dahlia, for tests without Stripe."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from djstripe.settings import djstripe_settings

Object = dict[str, Any]
VERSION = djstripe_settings.STRIPE_API_VERSION
MONTH = 2_592_000
START = int(datetime(2026, 11, 1, 9, 0, tzinfo=UTC).timestamp())


def price(price_id: str = "price_premium", amount: int = 499) -> Object:
    return {
        "id": price_id, "object": "price", "active": True, "billing_scheme": "per_unit",
        "created": START, "currency": "usd", "livemode": False, "lookup_key": None, "metadata": {},
        "nickname": None, "product": "prod_1", "recurring": {
            "interval": "month", "interval_count": 1, "meter": None, "trial_period_days": None,
            "usage_type": "licensed"},
        "tax_behavior": "unspecified", "type": "recurring", "unit_amount": amount,
        "unit_amount_decimal": str(amount),
    }  # fmt: skip


def subscription(**changes: Any) -> Object:
    start = changes.pop("start", START)
    price_id = changes.pop("price", "price_premium")
    end = changes.pop("end", start + MONTH)
    item = {
        "id": "si_1", "object": "subscription_item", "created": START,
        "current_period_start": start, "current_period_end": end, "discounts": [],
        "metadata": {}, "price": price(price_id), "quantity": 1, "subscription": "sub_1",
        "tax_rates": [],
    }  # fmt: skip
    return {
        "id": "sub_1", "object": "subscription", "application": None, "automatic_tax": {
            "enabled": False, "liability": None}, "billing_cycle_anchor": START,
        "billing_mode": {"type": "flexible"}, "cancel_at": None, "cancel_at_period_end": False,
        "canceled_at": None, "cancellation_details": {
            "comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically", "created": START, "currency": "usd",
        "customer": "cus_1", "days_until_due": None, "default_payment_method": "pm_1",
        "description": None, "discounts": [], "ended_at": None, "items": {
            "object": "list", "data": [item], "has_more": False, "url": "/v1/subscription_items"},
        "latest_invoice": "in_1", "livemode": False, "metadata": {},
        "next_pending_invoice_item_invoice": None,
        "on_behalf_of": None, "pause_collection": None, "pending_setup_intent": None,
        "pending_update": None, "schedule": None, "start_date": START, "status": "active",
        "test_clock": None, "trial_end": None, "trial_start": None, **changes,
    }  # fmt: skip


def charge(**changes: Any) -> Object:
    return {
        "id": "ch_1", "object": "charge", "amount": 499, "amount_captured": 499,
        "amount_refunded": 0, "balance_transaction": "txn_1", "billing_details": {
            "address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "calculated_statement_descriptor": "KUSH FILMS", "captured": True, "created": START,
        "currency": "usd", "customer": "cus_1", "description": "Subscription creation",
        "disputed": False, "failure_code": None, "failure_message": None, "livemode": False,
        "metadata": {}, "outcome": {"network_status": "approved_by_network", "type": "authorized"},
        "paid": True, "payment_intent": "pi_1", "payment_method": "pm_1", "receipt_email": None,
        "receipt_number": None, "receipt_url": "https://pay.stripe.com/receipts/x",
        "refunded": False, "review": None, "status": "succeeded", **changes,
    }  # fmt: skip


def refund(**changes: Any) -> Object:
    return {
        "id": "re_1", "object": "refund", "amount": 499, "balance_transaction": "txn_2",
        "charge": "ch_1", "created": START + 60, "currency": "usd", "destination_details": {
            "card": {"type": "refund"}, "type": "card"},
        "metadata": {}, "payment_intent": "pi_1", "reason": None, "receipt_number": None,
        "status": "succeeded", **changes,
    }  # fmt: skip


def dispute(**changes: Any) -> Object:
    return {
        "id": "dp_1", "object": "dispute", "amount": 499, "balance_transactions": [],
        "charge": "ch_1", "created": START + 90, "currency": "usd", "evidence": {},
        "evidence_details": {"due_by": START + 900_000, "has_evidence": False},
        "is_charge_refundable": False, "livemode": False, "metadata": {}, "payment_intent": "pi_1",
        "reason": "fraudulent", "status": "needs_response", **changes,
    }  # fmt: skip


def invoice(**changes: Any) -> Object:
    return {
        "id": "in_1", "object": "invoice", "amount_due": 499, "amount_paid": 499,
        "amount_remaining": 0, "attempt_count": 1, "attempted": True,
        "billing_reason": "subscription_cycle", "created": START, "currency": "usd",
        "customer": "cus_1", "hosted_invoice_url": "https://invoice.stripe.com/i/x",
        "livemode": False, "metadata": {}, "next_payment_attempt": None, "parent": {
            "type": "subscription_details", "quote_details": None,
            "subscription_details": {"metadata": {}, "subscription": "sub_1"}},
        "period_end": START, "period_start": START, "status": "paid", "total": 499, **changes,
    }  # fmt: skip


def invoice_payment(**changes: Any) -> Object:
    return {
        "id": "inpay_1", "object": "invoice_payment", "amount_paid": 499, "amount_requested": 499,
        "created": START, "currency": "usd", "invoice": "in_1", "is_default": True,
        "livemode": False, "payment": {"type": "payment_intent", "payment_intent": "pi_1"},
        "status": "paid", "status_transitions": {"canceled_at": None, "paid_at": START}, **changes,
    }  # fmt: skip


def customer(**changes: Any) -> Object:
    return {
        "id": "cus_1", "object": "customer", "balance": 0, "created": START, "currency": "usd",
        "email": "aisha@example.ug", "invoice_settings": {"default_payment_method": "pm_1"},
        "livemode": False, "metadata": {}, "name": "Aisha", **changes,
    }  # fmt: skip


def session(**changes: Any) -> Object:
    return {
        "id": "cs_test_1", "object": "checkout.session", "client_reference_id": None,
        "created": START, "currency": "usd", "customer": "cus_1", "expires_at": START + 1860,
        "livemode": False, "metadata": {}, "mode": "subscription", "payment_status": "paid",
        "status": "complete", "subscription": "sub_1", "url": None, **changes,
    }  # fmt: skip


def event(kind: str, data: Object, *, at: int = START, event_id: str = "") -> Object:
    return {
        "id": event_id or f"evt_{kind}_{data['id']}_{at}", "object": "event",
        "api_version": VERSION, "created": at, "data": {"object": json.loads(json.dumps(data))},
        "livemode": False, "pending_webhooks": 1, "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }  # fmt: skip


@dataclass
class History:
    """Events of a customer in the order they happened. Several may have the same second."""

    at: int = START
    events: list[Object] = field(default_factory=list)
    now: dict[str, Object] = field(default_factory=dict)

    def record(self, kind: str, data: Object, **changes: Any) -> None:
        self.now[data["id"]] = {**data, **changes}
        number = len(self.events)
        sent = event(kind, self.now[data["id"]], at=self.at, event_id=f"evt_{number:04}")
        self.events.append(sent)

    def wait(self, seconds: int) -> None:
        self.at += seconds


def life(steps: list[str]) -> History:
    """Return the history of a new subscriber after these steps. An impossible step does nothing."""
    story = History()
    story.record("customer.created", customer())
    story.record("invoice.created", invoice(status="draft", attempt_count=0))
    story.record("customer.subscription.created", subscription(status="incomplete"))
    story.record("invoice.finalized", invoice(status="open", attempt_count=0))
    story.record("charge.succeeded", charge())
    story.record("invoice_payment.paid", invoice_payment())
    story.record("invoice.paid", invoice())
    story.record("customer.subscription.updated", subscription())
    story.record("checkout.session.completed", session())
    for number, step in enumerate(steps, start=2):
        story.wait(1)
        _STEPS[step](story, number)
    return story


def _sub(story: History, **changes: Any) -> None:
    if story.now["sub_1"]["status"] == "canceled":
        return
    kind = "deleted" if changes.get("status") == "canceled" else "updated"
    story.record(f"customer.subscription.{kind}", story.now["sub_1"], **changes)


def _renew(story: History, number: int, *, paid: bool = True) -> None:
    if story.now["sub_1"]["status"] == "canceled":
        return
    story.wait(MONTH)
    start = story.now["sub_1"]["items"]["data"][0]["current_period_end"]
    bill = invoice(id=f"in_{number}", status="open", attempt_count=1, created=story.at)
    items = subscription(start=start)["items"]
    _sub(story, items=items, latest_invoice=bill["id"])  # as the bill is made
    story.record("invoice.finalized", bill)
    state = {"status": "succeeded"} if paid else {"status": "failed", "paid": False}
    taken = charge(id=f"ch_{number}", created=story.at, payment_intent=f"pi_{number}", **state)
    story.record(f"charge.{state['status']}", taken)
    story.wait(1)
    if paid:
        _pay(story, number, bill)
        _sub(story, status="active")
    else:
        story.record("invoice.payment_failed", bill)
        _sub(story, status="past_due")


def _pay(story: History, number: int, bill: Object) -> None:
    link = {"type": "payment_intent", "payment_intent": f"pi_{number}"}
    paid = invoice_payment(id=f"inpay_{number}", invoice=bill["id"], payment=link)
    story.record("invoice_payment.paid", paid, created=story.at)
    story.record("invoice.paid", bill, status="paid")


def _upgrade(story: History, number: int) -> None:
    """Upgrade from Basic to Premium for the difference, paid at once."""
    now = story.now["sub_1"]
    if now["status"] != "active" or _price(now) != "price_basic":
        return
    lines = [_line(-100, "price_basic"), _line(300, "price_premium")]
    bill = invoice(
        id=f"in_{number}", billing_reason="subscription_update", status="open", total=200,
        created=story.at, lines={"object": "list", "data": lines},
    )  # fmt: skip
    story.record("invoice.finalized", bill)
    intent = f"pi_{number}"
    story.record(
        "charge.succeeded",
        charge(id=f"ch_{number}", amount=200, created=story.at, payment_intent=intent),
    )
    _pay(story, number, bill)
    story.wait(1)
    start = now["items"]["data"][0]["current_period_start"]
    _sub(story, items=subscription(start=start)["items"], latest_invoice=bill["id"])


def _line(amount: int, price_id: str) -> Object:
    details = {"price_details": {"price": price_id}, "type": "price_details"}
    return {"object": "line_item", "amount": amount, "pricing": details}


def _price(data: Object) -> str:
    return str(data["items"]["data"][0]["price"]["id"])


def _refund_upgrade(story: History, number: int) -> None:
    for paid in [item for item in story.now.values() if item["object"] == "charge"]:
        if paid["amount"] == 200 and not paid["amount_refunded"]:
            story.record("charge.refunded", paid, amount_refunded=200, refunded=True)
            back = refund(id=f"re_{number}", charge=paid["id"], amount=200, created=story.at)
            story.record("refund.created", back)
            return


def _give_up(story: History, _number: int) -> None:
    if story.now["sub_1"]["status"] == "past_due":
        why = {"comment": None, "feedback": None, "reason": "payment_failed"}
        _sub(story, status="canceled", ended_at=story.at, cancellation_details=why)


def _pay_late(story: History, number: int) -> None:
    """Pay the oldest open bill, in any state of its subscription."""
    open_ = [item for item in story.now.values() if item["object"] == "invoice"]
    for bill in [item for item in open_ if item["status"] == "open"][:1]:
        intent = f"pi_{number}"
        story.record(
            "charge.succeeded",
            charge(id=f"ch_{number}", created=story.at, payment_intent=intent),
        )
        _pay(story, number, bill)


def _second(story: History, number: int) -> None:
    """Add a second subscription of the customer, paid in addition to the first."""
    other = f"sub_{number}"
    bill_id = f"in_{number}"
    parent = {"type": "subscription_details", "subscription_details": {"subscription": other}}
    bill = invoice(
        id=bill_id, billing_reason="subscription_create", created=story.at, parent=parent
    )
    story.record("invoice.finalized", bill, status="open")
    intent = f"pi_{number}"
    story.record(
        "charge.succeeded", charge(id=f"ch_{number}", created=story.at, payment_intent=intent)
    )
    _pay(story, number, bill)
    made = subscription(
        id=other, start=story.at, created=story.at, latest_invoice=bill_id, price="price_basic"
    )
    story.record("customer.subscription.created", made)


def _refund(story: History, number: int, *, amount: int = 200) -> None:
    paid = story.now["ch_1"]
    left = paid["amount"] - paid["amount_refunded"]
    amount = min(amount, left)
    if amount:
        back = paid["amount_refunded"] + amount
        story.record("charge.refunded", paid, amount_refunded=back, refunded=back == paid["amount"])
        story.record("refund.created", refund(id=f"re_{number}", amount=amount, created=story.at))


def _dispute(story: History, _number: int) -> None:
    if "dp_1" not in story.now:
        story.record("charge.updated", story.now["ch_1"], disputed=True)
        story.record("charge.dispute.created", dispute(created=story.at))


def _decide(story: History, _number: int, *, status: str) -> None:
    known = story.now.get("dp_1")
    if known and known["status"] == "needs_response":
        story.record("charge.dispute.closed", known, status=status)


_STEPS: dict[str, Any] = {
    "renew": _renew,
    "fail": lambda story, number: _renew(story, number, paid=False),
    "cancel": lambda story, _: _sub(story, cancel_at_period_end=True),
    "keep": lambda story, _: _sub(story, cancel_at_period_end=False),
    "down": lambda story, _: _sub(story, items=subscription(price="price_basic")["items"]),
    "up": _upgrade,
    "refund up": _refund_upgrade,
    "give up": _give_up,
    "pay late": _pay_late,
    "second": _second,
    "unpaid": lambda story, _: _sub(story, status="unpaid"),
    "end": lambda story, _: _sub(story, status="canceled", ended_at=story.at),
    "refund": _refund,
    "refund all": lambda story, number: _refund(story, number, amount=499),
    "dispute": _dispute,
    "win": lambda story, number: _decide(story, number, status="won"),
    "lose": lambda story, number: _decide(story, number, status="lost"),
}
STEPS = sorted(_STEPS)
