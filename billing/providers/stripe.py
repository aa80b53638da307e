"""Stripe, through its own client, in the API version dj-stripe declares."""

from typing import Any

import stripe

from billing.providers.base import CheckoutWish, Incoming, Page, PageState
from billing.providers.stripe_client import as_dict, calls, client, prices_of
from billing.providers.stripe_events import event_read
from billing.providers.stripe_objects import StripeReading
from billing.providers.stripe_plans import StripePlans
from billing.sync.versions import Object
from kushfilms.core.currencies import stripe_amount
from kushfilms.core.errors import Unavailable


class StripeProvider(StripePlans, StripeReading):
    name = "stripe"

    def event_read(self, body: bytes, *, signature: str) -> Incoming:
        return event_read(body, signature=signature)

    @calls
    def customer_create(self, *, user_id: str, email: str, name: str, replaces: str) -> Object:
        params: Any = {"email": email, "name": name, "metadata": {"user": user_id}}
        key: Any = {"idempotency_key": f"customer-{user_id}-{replaces}".rstrip("-")}
        return as_dict(client().v1.customers.create(params=params, options=key))

    @calls
    def customer_update(self, customer_id: str, *, email: str, name: str) -> None:
        """No idempotency key: the last call wins, and a repeat is the same."""
        params: Any = {"email": email, "name": name}
        client().v1.customers.update(customer_id, params)

    @calls
    def customer_forget(self, customer_id: str, *, key: str) -> None:
        """Ends its subscriptions, too; open bills would stay, so they are voided first."""
        open_: Any = {"customer": customer_id, "status": "open", "limit": 100}
        try:
            for invoice in client().v1.invoices.list(open_).auto_paging_iter():
                client().v1.invoices.void_invoice(str(invoice.id))
            client().v1.customers.delete(customer_id)
        except stripe.InvalidRequestError as exc:
            if exc.code != "resource_missing":
                raise

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
    def checkout_close(self, session_id: str) -> PageState:
        sessions = client().v1.checkout.sessions
        session = sessions.retrieve(session_id)
        if session.status == PageState.OPEN:
            try:
                session = sessions.expire(session_id)
            except stripe.InvalidRequestError:  # paid, or run out, between the two calls
                session = sessions.retrieve(session_id)
        return PageState(str(session.status))

    @calls
    def portal_open(self, customer_id: str, *, return_url: str) -> Page:
        params: Any = {"customer": customer_id, "return_url": return_url}
        session = client().v1.billing_portal.sessions.create(params=params)
        return Page(session_id=session.id, url=session.url)

    @calls
    def refund(self, payment_id: str, *, amount_minor: int | None, key: str) -> list[Object]:
        params: Any = {"charge": payment_id}
        if amount_minor is not None:
            currency = str(client().v1.charges.retrieve(payment_id).currency)
            params["amount"] = stripe_amount(amount_minor, currency)
        options: Any = {"idempotency_key": key}
        refund = as_dict(client().v1.refunds.create(params, options))
        return [refund, as_dict(client().v1.charges.retrieve(payment_id))]
