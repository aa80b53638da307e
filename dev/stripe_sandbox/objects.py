"""Customers, prices, charges, refunds and disputes in the shape of today's API."""

import os
from typing import Any

from localstripe.errors import UserError
from localstripe.resources import (
    BalanceTransaction,
    Charge,
    PaymentMethod,
    Refund,
    StripeObject,
    random_id,
    store,
)

from dev.stripe_sandbox.store import address, now, send_event
from kushfilms.core.currencies import STRIPE_DECIMALS, stripe_amount

# Stripe's own test cards.
PAYS = "4242424242424242"
DECLINED = "4000000000000002"
ASKS = "4000000000003220"
FAILS_LATER = "4000000000000341"


def every(kind: str) -> list[Any]:
    return [value for key, value in list(store.items()) if key.startswith(f"{kind}:")]


def listed(items: list[Any], url: str) -> dict[str, Any]:
    newest = sorted(items, key=lambda item: item.created, reverse=True)
    data = [item._export() for item in newest]
    return {"object": "list", "url": url, "has_more": False, "data": data}


class SandboxCustomer(StripeObject):
    object = "customer"
    _id_prefix = "cus_"

    def __init__(self, *, email: str = "", name: str = "", metadata: Any = None) -> None:
        super().__init__()
        self.created = now()
        self.email = email
        self.name = name
        self.metadata = metadata or {}
        self.balance = 0  # below zero: a credit
        self.card = ""
        send_event("customer.created", self)


class Price:
    """Price made from the environment, because prices are configuration on both sides."""

    @staticmethod
    def export(price_id: str) -> dict[str, Any]:
        currency = os.environ.get("PLAN_CURRENCY", "USD").lower()
        return {
            "id": price_id,
            "object": "price",
            "active": True,
            "currency": currency,
            "unit_amount": Price.amount(price_id),
            "recurring": {"interval": "month", "interval_count": 1},
            "product": f"prod_{price_id.removeprefix('price_')}",
            "type": "recurring",
            "livemode": False,
            "metadata": {},
        }

    @staticmethod
    def amount(price_id: str) -> int:
        """Return the amount in Stripe's units; the environment has ISO minor units."""
        amounts = {
            os.environ["STRIPE_PRICE_BASIC"]: os.environ.get("PLAN_PRICE_BASIC", "299"),
            os.environ["STRIPE_PRICE_PREMIUM"]: os.environ.get("PLAN_PRICE_PREMIUM", "499"),
        }
        if price_id not in amounts:
            raise UserError(404, f"No such price: '{price_id}'")
        currency = os.environ.get("PLAN_CURRENCY", "USD")
        return stripe_amount(int(amounts[price_id]), currency)

    @staticmethod
    def name(price_id: str) -> str:
        return "Premium" if price_id == os.environ["STRIPE_PRICE_PREMIUM"] else "Basic"


class SandboxCharge(Charge):
    """Charge of localstripe, with a receipt and disputes."""

    def __init__(self, *, amount: int, customer: str, card: str, description: str) -> None:
        details = {"number": card, "exp_month": 12, "exp_year": 2034, "cvc": "123"}
        method = PaymentMethod(type="card", card=details)
        method.customer = customer
        currency = os.environ.get("PLAN_CURRENCY", "USD").lower()
        super().__init__(
            amount=amount,
            currency=currency,
            customer=customer,
            source=method.id,
            description=description,
        )
        self.created = now()
        self.disputed = False
        self.receipt_url = address(f"/r/{self.id}")
        self.payment_intent = f"pi_{random_id(14)}"
        self._authorized = card not in {DECLINED, FAILS_LATER}
        self._initialize_charge()
        send_event("charge.succeeded" if self.status == "succeeded" else "charge.failed", self)


class Dispute(StripeObject):
    object = "dispute"
    _id_prefix = "dp_"

    def __init__(self, charge: SandboxCharge) -> None:
        super().__init__()
        self.created = now()
        self.charge = charge.id
        self.amount = charge.amount
        self.currency = charge.currency
        self.payment_intent = charge.payment_intent
        self.reason = "fraudulent"
        self.status = "needs_response"
        self.metadata: dict[str, str] = {}
        charge.disputed = True
        _book(-self.amount, self)
        send_event("charge.dispute.created", self)

    def _close(self, *, won: bool) -> None:
        self.status = "won" if won else "lost"
        if won:
            _book(self.amount, self)
        send_event("charge.dispute.closed", self)


def _book(amount: int, dispute: Dispute) -> None:
    """Add a balance transaction; localstripe knows only charges and refunds, so the sign counts."""
    sort = "charge" if amount > 0 else "refund"
    BalanceTransaction(
        amount=amount,
        currency=dispute.currency,
        description="DISPUTE",
        exchange_rate=1.0,
        reporting_category=sort,
        source=dispute.charge,
        type=sort,
    )


def refund_fail(refund: Refund) -> None:
    """Let a refund fail, as if the bank had returned it days later."""
    paid = Charge._api_retrieve(refund.charge)
    refund.status = "failed"
    send_event("refund.failed", refund)
    send_event("charge.updated", paid)


def _check_divisible(amount: int, currency: str) -> None:
    """Raise UserError, with Stripe's message, for a part of a shilling."""
    if currency.upper() in STRIPE_DECIMALS and amount % 100:
        message = f"Currency {currency.upper()} amounts must be evenly divisible by 100."
        raise UserError(400, message, {"code": "parameter_invalid_integer"})


def refund_create(charge: str = "", amount: str | None = None, **_: Any) -> Refund:
    """Refund a charge; raise UserError, like Stripe, for too much and for a disputed charge."""
    paid = Charge._api_retrieve(charge)
    wanted = int(amount) if amount else paid.amount - paid.amount_refunded
    disputes = [item for item in every("dispute") if item.charge == charge]
    if any(item.status != "won" for item in disputes):
        raise UserError(400, "This charge is disputed.", {"code": "charge_disputed"})
    _check_divisible(wanted, paid.currency)
    if wanted <= 0 or wanted > paid.amount - paid.amount_refunded:
        raise UserError(400, "More than is left.", {"code": "charge_already_refunded"})
    refund = Refund(charge=charge, amount=wanted)
    refund.created = now()
    send_event("charge.refunded", paid)
    send_event("refund.created", refund)
    return refund
