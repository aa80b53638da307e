"""Reads from Stripe: one object, all objects of a customer, the prices."""

from collections.abc import Iterator
from typing import Any

from billing.models import Plan
from billing.providers.stripe_client import as_dict, calls, client, prices_of
from billing.sync.versions import Object
from kushfilms.core.currencies import stripe_amount

SERVICES = {
    "customer": "customers",
    "subscription": "subscriptions",
    "invoice": "invoices",
    "invoice_payment": "invoice_payments",
    "charge": "charges",
    "refund": "refunds",
    "dispute": "disputes",
}


class StripeObjects:
    """Part of the provider that reads only."""

    @calls
    def fetch(self, kind: str, object_id: str) -> Object:
        if kind == "checkout.session":
            return as_dict(client().v1.checkout.sessions.retrieve(object_id))
        return as_dict(getattr(client().v1, SERVICES[kind]).retrieve(object_id))

    @calls
    def everything_of(self, customer_id: str) -> Iterator[Object]:
        stripe = client().v1
        by_customer: Any = {"customer": customer_id, "limit": 100}
        every: Any = {**by_customer, "status": "all"}
        with_payments: Any = {**by_customer, "expand": ["data.payments"]}
        found = [*map(as_dict, stripe.subscriptions.list(every).auto_paging_iter())]
        for invoice in map(as_dict, stripe.invoices.list(with_payments).auto_paging_iter()):
            # The link to a charge is an object of its own and not part of the invoice's events.
            payments = (invoice.pop("payments", None) or {}).get("data") or []
            found += [invoice, *payments]
        charges = [*map(as_dict, stripe.charges.list(by_customer).auto_paging_iter())]
        found += charges
        for charge in charges:
            by_charge: Any = {"charge": charge["id"], "limit": 100}
            if charge.get("amount_refunded"):
                found += map(as_dict, stripe.refunds.list(by_charge).auto_paging_iter())
            if charge.get("disputed"):
                found += map(as_dict, stripe.disputes.list(by_charge).auto_paging_iter())
        return iter(found)

    def units(self, amount_minor: int, currency: str) -> int:
        return stripe_amount(amount_minor, currency)

    def prices(self) -> Iterator[tuple[Plan, str, int, str]]:
        for plan in (Plan.BASIC, Plan.PREMIUM):
            for price_id in prices_of(plan)[:1]:
                price = self._price(price_id)
                amount = int(price.get("unit_amount") or 0)
                yield plan, price_id, amount, str(price["currency"]).upper()

    @calls
    def _price(self, price_id: str) -> Object:
        return as_dict(client().v1.prices.retrieve(price_id))
