"""Subscriptions at Stripe: cancellation, change, end, and their bills."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import stripe

from billing.models import Plan
from billing.providers.base import ProviderRefused
from billing.providers.stripe_client import as_dict, calls, client, plan_of_price, prices_of
from billing.sync.versions import Object, period_of
from kushfilms.core.currencies import amount_from_stripe

# Metadata keys that hold the plan of the running period after a downgrade has set the next price.
HELD_PLAN = "held_plan"
HELD_UNTIL = "held_until"
OVER = ("canceled", "incomplete_expired")
NOTHING_HELD = {HELD_PLAN: "", HELD_UNTIL: ""}


class StripePlans:
    """Part of the provider that handles subscriptions."""

    def cancel(self, subscription_id: str, *, key: str) -> Object:
        return self._change(subscription_id, {"cancel_at_period_end": True}, key)

    def reactivate(self, subscription_id: str, *, key: str) -> Object:
        return self._change(subscription_id, {"cancel_at_period_end": False}, key)

    @calls
    def plan_raise_price(
        self, subscription_id: str, *, plan: Plan, now: datetime
    ) -> tuple[int, datetime]:
        # Stripe computes the price, because taxes, promotion codes and credit belong to it.
        current = self._get(subscription_id)
        # Stripe refuses a moment outside the period, and its clock may be slightly behind ours.
        start, end = period_of(current)
        at = min(max(int(now.timestamp()), start), end)
        details = {
            "items": [_item(current, plan)],
            "proration_behavior": "always_invoice",
            "proration_date": at,
        }
        params: Any = {"subscription": subscription_id, "subscription_details": details}
        preview = as_dict(client().v1.invoices.create_preview(params))
        # Due now are the prorations, if the preview also shows the next renewal.
        lines = (preview.get("lines") or {}).get("data") or []
        prorated = []
        for line in lines:
            source = (line.get("parent") or {}).get("subscription_item_details") or {}
            if source.get("proration"):
                prorated.append(int(line["amount"]))
        due = sum(prorated) if 0 < len(prorated) < len(lines) else int(preview["amount_due"])
        amount = amount_from_stripe(max(0, due), str(preview["currency"]))
        return amount, datetime.fromtimestamp(at, UTC)

    def plan_raise(
        self, subscription_id: str, *, plan: Plan, priced_at: datetime, key: str
    ) -> Object:
        # If the payment fails or needs confirmation, the change waits in `pending_update`.
        now = self._get(subscription_id)
        if _plan_of(now) == plan:
            return now  # done by an earlier attempt
        at = int(priced_at.timestamp())
        if at < period_of(now)[0]:
            raise ProviderRefused("Another period has begun, so the amount has changed.")
        params = {
            "items": [_item(now, plan)],
            "proration_behavior": "always_invoice",
            "proration_date": at,
            "payment_behavior": "pending_if_incomplete",
        }
        return self._change(subscription_id, params, key)

    def plan_lower_later(self, subscription_id: str, *, plan: Plan, key: str) -> Object:
        # The price changes now, for the next bill; metadata holds the paid plan until its end.
        now = self._get(subscription_id)
        if _plan_of(now) == plan:
            return now  # done by an earlier attempt
        metadata = {HELD_PLAN: _plan_of(now).value, HELD_UNTIL: str(period_of(now)[1])}
        return self._set_price(now, plan, metadata, key)

    def plan_set(self, subscription_id: str, *, plan: Plan, key: str) -> Object:
        return self._set_price(self._get(subscription_id), plan, NOTHING_HELD, key)

    def _set_price(self, now: Object, plan: Plan, metadata: dict[str, str], key: str) -> Object:
        params = {
            "items": [_item(now, plan)],
            "proration_behavior": "none",
            "metadata": metadata,
        }
        return self._change(str(now["id"]), params, key)

    @calls
    def _get(self, subscription_id: str) -> Object:
        return as_dict(client().v1.subscriptions.retrieve(subscription_id))

    @calls
    def _change(self, subscription_id: str, params: Any, key: str) -> Object:
        options: Any = {"idempotency_key": key}
        changed = client().v1.subscriptions.update(subscription_id, params, options)
        return as_dict(changed)

    @calls
    def end(self, subscription_id: str, *, key: str) -> Object:
        # A subscription that has already ended, such as in the portal, is not an error.
        options: Any = {"idempotency_key": key}
        subscriptions = client().v1.subscriptions
        try:
            return as_dict(subscriptions.cancel(subscription_id, options=options))
        except stripe.InvalidRequestError as exc:
            if exc.http_status != HTTPStatus.NOT_FOUND:
                raise
            ended = as_dict(subscriptions.retrieve(subscription_id))
            if ended.get("status") not in OVER:
                raise
            return ended

    @calls
    def void(self, invoice_id: str, *, key: str) -> Object:
        options: Any = {"idempotency_key": key}
        return as_dict(client().v1.invoices.void_invoice(invoice_id, options=options))

    @calls
    def subscriptions_of(self, customer_id: str) -> list[Object]:
        params: Any = {"customer": customer_id, "limit": 20}
        return [as_dict(item) for item in client().v1.subscriptions.list(params).data]


def _plan_of(subscription: Object) -> Plan:
    return plan_of_price(str(subscription["items"]["data"][0]["price"]["id"]))


def _item(subscription: Object, plan: Plan) -> dict[str, str]:
    return {"id": subscription["items"]["data"][0]["id"], "price": prices_of(plan)[0]}
