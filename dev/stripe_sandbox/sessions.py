"""Checkout Sessions and Billing Portal Sessions, which localstripe lacks."""

import time
from typing import Any

from localstripe.errors import UserError
from localstripe.resources import StripeObject, store

from dev.stripe_sandbox.objects import Price
from dev.stripe_sandbox.store import address, now, send_event
from dev.stripe_sandbox.subscriptions import subscription_begin

# Promotion codes and their discount on the first month, in percent.
PROMOTION_CODES = {"KARIBU50": 50}


DAY = 86_400


def customer_must_exist(customer_id: str) -> None:
    """Raise UserError, with Stripe's message, for an unknown customer."""
    if f"customer:{customer_id}" not in store:
        message = f"No such customer: '{customer_id}'"
        raise UserError(400, message, {"code": "resource_missing", "param": "customer"})


def _lifetime(expires_at: int) -> int:
    """Return the lifetime of a page in seconds.

    The site computes the end by its own clock, which is the real one or, in tests, moves with the
    sandbox's. The clock that results in a lifetime that Stripe allows is used.
    """
    for clock in (now(), int(time.time())):
        if 0 < expires_at - clock <= DAY:
            return expires_at - clock
    return DAY


class CheckoutSession(StripeObject):
    object = "checkout.session"
    _id_prefix = "cs_test_"

    def __init__(self, **data: Any) -> None:
        price = data["line_items"][0]["price"]
        Price.amount(price)  # 404 for an unknown price
        customer_must_exist(data["customer"])
        super().__init__()
        about = data.get("subscription_data") or {}
        self.created = now()
        self.customer = data["customer"]
        self.client_reference_id = data["client_reference_id"]
        self.success_url = data["success_url"]
        self.cancel_url = data["cancel_url"]
        self.expires_at = now() + _lifetime(int(data.get("expires_at") or 0))
        self.mode = "subscription"
        self.metadata: dict[str, str] = {}
        self.url: str | None = address(f"/c/pay/{self.id}")
        self.subscription: str | None = None
        self._price = price
        self._paid = False
        self._trial_days = int(about.get("trial_period_days") or 0)
        self._about = about.get("metadata") or {}

    @property
    def status(self) -> str:
        if self._paid:
            return "complete"
        return "expired" if self.expires_at <= now() else "open"

    @property
    def payment_status(self) -> str:
        return "paid" if self._paid else "unpaid"

    def _pay(self, card: str, code: str = "") -> bool:
        """Pay with a card; return whether it was accepted."""
        subscription = subscription_begin(
            customer=self.customer,
            price=self._price,
            card=card,
            trial_days=self._trial_days,
            metadata=self._about,
            percent_off=PROMOTION_CODES.get(code.strip().upper(), 0),
        )
        if subscription is None:
            return False
        self._paid = True
        self.subscription = subscription.id
        self.url = None
        send_event("checkout.session.completed", self)
        return True

    def _expire(self) -> None:
        if self.status != "open":
            raise UserError(400, "Only open sessions can be expired.")
        self.expires_at = now()
        self.url = None
        send_event("checkout.session.expired", self)

    @property
    def _back(self) -> str:
        return str(self.success_url.replace("{CHECKOUT_SESSION_ID}", self.id))


class PortalSession(StripeObject):
    object = "billing_portal.session"
    _id_prefix = "bps_"

    def __init__(self, *, customer: str = "", return_url: str = "", **_: Any) -> None:
        customer_must_exist(customer)
        super().__init__()
        self.created = now()
        self.customer = customer
        self.return_url = return_url
        self.url = address(f"/p/session/{self.id}")
