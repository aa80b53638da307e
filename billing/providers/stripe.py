"""Stripe as a payment provider, through its own client, in dj-stripe's API version."""

from typing import Any

import stripe

from billing.providers.base import CheckoutRequest, Incoming, Page, PageState
from billing.providers.stripe_client import as_dict, calls, client, prices_of
from billing.providers.stripe_events import event_read
from billing.providers.stripe_objects import StripeObjects
from billing.providers.stripe_plans import StripePlans
from billing.sync.versions import Object
from kushfilms.core.currencies import stripe_amount
from kushfilms.core.errors import Unavailable


class StripeProvider(StripePlans, StripeObjects):
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
        # Without an idempotency key: the last call wins, and a repeated call changes nothing.
        params: Any = {"email": email, "name": name}
        client().v1.customers.update(customer_id, params)

    @calls
    def customer_forget(self, customer_id: str, *, key: str) -> None:
        # Deleting a customer ends its subscriptions but leaves open bills, so these are voided.
        open_bills: Any = {"customer": customer_id, "status": "open", "limit": 100}
        try:
            for invoice in client().v1.invoices.list(open_bills).auto_paging_iter():
                client().v1.invoices.void_invoice(str(invoice.id))
            client().v1.customers.delete(customer_id)
        except stripe.InvalidRequestError as exc:
            if exc.code != "resource_missing":
                raise

    @calls
    def checkout_open(self, request: CheckoutRequest) -> Page:
        price = prices_of(request.plan)[0] if prices_of(request.plan) else ""
        if not price:
            raise Unavailable("This plan is not available right now. Try again later.")
        subscription_data: dict[str, Any] = {"metadata": {"user": request.user_id}}
        if request.trial_days:
            subscription_data["trial_period_days"] = request.trial_days
        params: Any = {
            "mode": "subscription",
            "customer": request.customer_id,
            "client_reference_id": request.user_id,
            "line_items": [{"price": price, "quantity": 1}],
            "subscription_data": subscription_data,
            "allow_promotion_codes": True,
            "success_url": request.success_url,
            "cancel_url": request.cancel_url,
            "expires_at": request.expires_at,
        }
        key: Any = {"idempotency_key": f"checkout-{request.key}"}
        session = client().v1.checkout.sessions.create(params=params, options=key)
        return Page(session_id=session.id, url=str(session.url))

    @calls
    def checkout_close(self, session_id: str) -> PageState:
        sessions = client().v1.checkout.sessions
        session = sessions.retrieve(session_id)
        if session.status == PageState.OPEN:
            try:
                session = sessions.expire(session_id)
            except stripe.InvalidRequestError:  # paid or expired between the two calls
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
