"""Stripe, through its own client, in the API version dj-stripe declares."""

from collections.abc import Iterator
from typing import Any

from billing.models import Plan
from billing.providers.base import CheckoutWish, Incoming, Page
from billing.providers.stripe_client import as_dict, calls, client, prices_of
from billing.providers.stripe_events import event_read
from billing.versions import Object
from kushfilms.core.errors import Unavailable

FETCHED = {
    "customer": "customers",
    "subscription": "subscriptions",
    "invoice": "invoices",
    "charge": "charges",
    "refund": "refunds",
    "dispute": "disputes",
}


class StripeProvider:
    name = "stripe"

    def event_read(self, body: bytes, *, signature: str) -> Incoming:
        return event_read(body, signature=signature)

    @calls
    def customer_create(self, *, user_id: str, email: str, name: str) -> Object:
        params: Any = {"email": email, "name": name, "metadata": {"user": user_id}}
        key: Any = {"idempotency_key": f"customer-{user_id}"}
        return as_dict(client().v1.customers.create(params=params, options=key))

    @calls
    def customer_forget(self, customer_id: str, *, key: str) -> None:
        """Ends its subscriptions, too."""
        client().v1.customers.delete(customer_id)

    @calls
    def checkout_open(self, wish: CheckoutWish) -> Page:
        price = prices_of(wish.plan)[0] if prices_of(wish.plan) else ""
        if not price:
            raise Unavailable("This plan cannot be bought just now. Try again later.")
        about: dict[str, Any] = {"metadata": {"user": wish.user_id}}
        if wish.trial_days:
            about["trial_period_days"] = wish.trial_days
        params: Any = {
            "mode": "subscription",
            "customer": wish.customer_id,
            "client_reference_id": wish.user_id,
            "line_items": [{"price": price, "quantity": 1}],
            "subscription_data": about,
            "allow_promotion_codes": True,
            "success_url": wish.success_url,
            "cancel_url": wish.cancel_url,
            "expires_at": wish.expires_at,
        }
        key: Any = {"idempotency_key": f"checkout-{wish.key}"}
        session = client().v1.checkout.sessions.create(params=params, options=key)
        return Page(session_id=session.id, url=str(session.url))

    @calls
    def checkout_close(self, session_id: str) -> None:
        session = client().v1.checkout.sessions.retrieve(session_id)
        if session.status == "open":
            client().v1.checkout.sessions.expire(session_id)

    @calls
    def portal_open(self, customer_id: str, *, return_url: str) -> Page:
        params: Any = {"customer": customer_id, "return_url": return_url}
        session = client().v1.billing_portal.sessions.create(params=params)
        return Page(session_id=session.id, url=session.url)

    def cancel(self, subscription_id: str, *, key: str) -> Object:
        return self._change(subscription_id, {"cancel_at_period_end": True}, key)

    def reactivate(self, subscription_id: str, *, key: str) -> Object:
        return self._change(subscription_id, {"cancel_at_period_end": False}, key)

    def change_plan(self, subscription_id: str, *, plan: Plan, up: bool, key: str) -> Object:
        now = self.fetch("subscription", subscription_id)
        item = {"id": now["items"]["data"][0]["id"], "price": prices_of(plan)[0]}
        # What is more is paid at once or not had; what is less comes off the next bill.
        when = "always_invoice" if up else "create_prorations"
        params: dict[str, Any] = {"items": [item], "proration_behavior": when}
        if up:
            params["payment_behavior"] = "pending_if_incomplete"
        return self._change(subscription_id, params, key)

    @calls
    def _change(self, subscription_id: str, params: Any, key: str) -> Object:
        options: Any = {"idempotency_key": key}
        changed = client().v1.subscriptions.update(subscription_id, params, options)
        return as_dict(changed)

    @calls
    def end(self, subscription_id: str, *, key: str) -> Object:
        options: Any = {"idempotency_key": key}
        return as_dict(client().v1.subscriptions.cancel(subscription_id, options=options))

    @calls
    def refund(self, payment_id: str, *, amount_minor: int | None, key: str) -> list[Object]:
        params: Any = {"charge": payment_id}
        if amount_minor is not None:
            params["amount"] = amount_minor
        options: Any = {"idempotency_key": key}
        refund = as_dict(client().v1.refunds.create(params, options))
        return [refund, as_dict(client().v1.charges.retrieve(payment_id))]

    @calls
    def fetch(self, kind: str, object_id: str) -> Object:
        if kind == "checkout.session":
            return as_dict(client().v1.checkout.sessions.retrieve(object_id))
        return as_dict(getattr(client().v1, FETCHED[kind]).retrieve(object_id))

    @calls
    def everything_of(self, customer_id: str) -> Iterator[Object]:
        stripe = client().v1
        mine: Any = {"customer": customer_id, "limit": 100}
        found: list[Object] = []
        every: Any = {**mine, "status": "all"}
        unpaid: Any = {**mine, "status": "open"}
        lists: Any = (
            stripe.subscriptions.list(every),
            stripe.invoices.list(unpaid),
            stripe.charges.list(mine),
        )
        for items in lists:
            found += [as_dict(item) for item in items.auto_paging_iter()]
        for charge in [item for item in found if item["object"] == "charge"]:
            about: Any = {"charge": charge["id"], "limit": 100}
            if charge.get("amount_refunded"):
                found += map(as_dict, stripe.refunds.list(about).auto_paging_iter())
            if charge.get("disputed"):
                found += map(as_dict, stripe.disputes.list(about).auto_paging_iter())
        return iter(found)

    def prices(self) -> Iterator[tuple[Plan, str, int, str]]:
        for plan in (Plan.BASIC, Plan.PREMIUM):
            for price_id in prices_of(plan)[:1]:
                price = self._price(price_id)
                amount = int(price.get("unit_amount") or 0)
                yield plan, price_id, amount, str(price["currency"]).upper()

    @calls
    def _price(self, price_id: str) -> Object:
        return as_dict(client().v1.prices.retrieve(price_id))
