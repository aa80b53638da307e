"""Subscriptions at Stripe: canceled, changed, ended, and their bills."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import stripe

from billing.models import Plan
from billing.providers.base import ProviderRefused
from billing.providers.stripe_client import as_dict, calls, client, plan_of_price, prices_of
from billing.sync.versions import Object, period_of
from kushfilms.core.currencies import amount_from_stripe

# Where the plan of the running period stands while the price is the next period's already.
HELD_PLAN, HELD_UNTIL = "held_plan", "held_until"
OVER = ("canceled", "incomplete_expired")
NOTHING_HELD = {HELD_PLAN: "", HELD_UNTIL: ""}


class StripePlans:
    """The part of the provider that is about subscriptions."""

    def cancel(self, subscription_id: str, *, key: str) -> Object:
        return self._change(subscription_id, {"cancel_at_period_end": True}, key)

    def reactivate(self, subscription_id: str, *, key: str) -> Object:
        return self._change(subscription_id, {"cancel_at_period_end": False}, key)

    @calls
    def plan_raise_price(
        self, subscription_id: str, *, plan: Plan, now: datetime
    ) -> tuple[int, datetime]:
        """Stripe computes it: our own reckoning would differ by taxes, codes and credit."""
        known = self._get(subscription_id)
        at = _within(known, now)
        details = {
            "items": [_item(known, plan)],
            "proration_behavior": "always_invoice",
            "proration_date": at,
        }
        params: Any = {"subscription": subscription_id, "subscription_details": details}
        preview = as_dict(client().v1.invoices.create_preview(params))
        amount = amount_from_stripe(_due_now(preview), str(preview["currency"]))
        return amount, datetime.fromtimestamp(at, UTC)

    def plan_raise(
        self, subscription_id: str, *, plan: Plan, priced_at: datetime, key: str
    ) -> Object:
        """Where the payment fails or the bank asks, the change waits in `pending_update`."""
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
        """The price changes now, for the next bill; what was paid is held until its end."""
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
        """One that has ended before, in the portal or a moment ago, is as it was asked to be."""
        options: Any = {"idempotency_key": key}
        subscriptions = client().v1.subscriptions
        try:
            return as_dict(subscriptions.cancel(subscription_id, options=options))
        except stripe.InvalidRequestError as exc:
            if exc.http_status != HTTPStatus.NOT_FOUND:
                raise
            there = as_dict(subscriptions.retrieve(subscription_id))
            if there.get("status") not in OVER:
                raise
            return there

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


def _due_now(preview: Object) -> int:
    """What is charged at once: of a preview that shows the next renewal too, the prorations."""
    lines = (preview.get("lines") or {}).get("data") or []
    prorated = [int(line["amount"]) for line in lines if _is_proration(line)]
    amount = sum(prorated) if 0 < len(prorated) < len(lines) else int(preview["amount_due"])
    return max(0, amount)


def _is_proration(line: Object) -> bool:
    details = (line.get("parent") or {}).get("subscription_item_details") or {}
    return bool(details.get("proration"))


def _item(subscription: Object, plan: Plan) -> dict[str, str]:
    return {"id": subscription["items"]["data"][0]["id"], "price": prices_of(plan)[0]}


def _within(subscription: Object, moment: datetime) -> int:
    """Stripe refuses a date outside the period: its clock may be a little before ours."""
    start, end = period_of(subscription)
    return min(max(int(moment.timestamp()), start), end)
