"""API calls that localstripe does not answer, or not in the shape of today's API."""

from typing import Any

from aiohttp import web
from localstripe.errors import UserError
from localstripe.resources import Charge, DeletedObject, store
from localstripe.server import get_post_data, json_response, unflatten_data

from dev.stripe_sandbox import store as sandbox_store
from dev.stripe_sandbox.objects import (
    Dispute,
    Price,
    SandboxCustomer,
    every,
    listed,
    refund_create,
    refund_fail,
)
from dev.stripe_sandbox.sessions import CheckoutSession, PortalSession, customer_must_exist
from dev.stripe_sandbox.store import DAY, clock, now, send_event
from dev.stripe_sandbox.subscriptions import tick

ENDED = ("canceled", "incomplete_expired")


def get_object(kind: str, request: web.Request) -> Any:
    item = store.get(f"{kind}:{request.match_info['id']}")
    if item is None:
        message = f"No such {kind}: '{request.match_info['id']}'"
        raise UserError(404, message, {"code": "resource_missing", "param": "id"})
    return item


def retrieve(kind: str) -> Any:
    async def answer(request: web.Request) -> web.Response:
        return json_response(get_object(kind, request)._export())

    return answer


def list_all(kind: str) -> Any:
    """Return a handler that lists objects, filtered by `customer`, `charge` and `status`."""

    async def answer(request: web.Request) -> web.Response:
        wanted = unflatten_data(request.query)
        if "customer" in wanted:
            _customer_must_have_existed(wanted["customer"])
        items = every(kind)
        for name in ("customer", "charge"):
            if name in wanted:
                items = [item for item in items if getattr(item, name, None) == wanted[name]]
        status = wanted.get("status")
        if kind == "subscription" and status is None:
            items = [item for item in items if item.status not in ENDED]
        elif status not in {None, "all"}:
            items = [item for item in items if item.status == status]
        answer = listed(items, request.path)
        if "data.payments" in (wanted.get("expand") or []):
            for data in answer["data"]:
                data["payments"] = listed(_payments(data["id"]), "/v1/invoice_payments")
        return json_response(answer)

    return answer


def _customer_must_have_existed(customer_id: str) -> None:
    """Raise UserError for an unknown customer; objects of a deleted one can still be listed."""
    if not any(getattr(item, "customer", None) == customer_id for item in list(store.values())):
        customer_must_exist(customer_id)


def _payments(invoice_id: str) -> list[Any]:
    return [item for item in every("invoice_payment") if item.invoice == invoice_id]


async def customer_create(request: web.Request) -> web.Response:
    data = await get_post_data(request) or {}
    made = SandboxCustomer(
        email=data.get("email", ""), name=data.get("name", ""), metadata=data.get("metadata")
    )
    return json_response(made._export())


async def customer_update(request: web.Request) -> web.Response:
    item = get_object("customer", request)
    data = await get_post_data(request) or {}
    item.email = data.get("email", item.email)
    item.name = data.get("name", item.name)
    send_event("customer.updated", item)
    return json_response(item._export())


async def customer_delete(request: web.Request) -> web.Response:
    """Delete a customer and end its subscriptions, like Stripe."""
    customer = get_object("customer", request)
    for item in every("subscription"):
        if item.customer == customer.id and item.status not in ENDED:
            item._end()
    del store[f"customer:{customer.id}"]
    send_event("customer.deleted", customer)
    return json_response(DeletedObject(customer.id, "customer")._export())


async def session_create(request: web.Request) -> web.Response:
    data = await get_post_data(request) or {}
    return json_response(CheckoutSession(**data)._export())


async def session_expire(request: web.Request) -> web.Response:
    session = get_object("checkout.session", request)
    session._expire()
    return json_response(session._export())


async def portal_create(request: web.Request) -> web.Response:
    data = await get_post_data(request) or {}
    return json_response(PortalSession(**data)._export())


async def price_retrieve(request: web.Request) -> web.Response:
    return json_response(Price.export(request.match_info["id"]))


async def subscription_update(request: web.Request) -> web.Response:
    item = get_object("subscription", request)
    data = await get_post_data(request) or {}
    if item.status in ENDED:
        raise UserError(400, "A canceled subscription can only be read.")
    if "cancel_at_period_end" in data:
        cancel_at_end(item, cancel=str(data["cancel_at_period_end"]).lower() == "true")
    for name, value in (data.get("metadata") or {}).items():
        item.metadata = {key: old for key, old in item.metadata.items() if key != name}
        item.metadata |= {name: value} if value else {}
    if data.get("items"):
        item._change(
            data["items"][0]["price"],
            behaviour=str(data.get("proration_behavior", "")),
            at=_moment(data.get("proration_date")),
            may_wait=data.get("payment_behavior") == "pending_if_incomplete",
        )
    return json_response(item._export())


def _moment(proration_date: Any) -> int:
    """Return the proration date, or now for one that is too old.

    The sandbox's clock can be moved, so the site's clock may be behind it.
    """
    return int(proration_date) if proration_date and int(proration_date) > now() - DAY else now()


async def invoice_preview(request: web.Request) -> web.Response:
    data = await get_post_data(request) or {}
    item = store[f"subscription:{data['subscription']}"]
    details = data["subscription_details"]
    at = _moment(details.get("proration_date"))
    amount = item._difference(details["items"][0]["price"], at)
    owed = max(0, amount + store[f"customer:{item.customer}"].balance)
    preview = {"object": "invoice", "amount_due": owed, "currency": item.currency, "total": amount}
    return json_response(preview)


async def invoice_void(request: web.Request) -> web.Response:
    item = get_object("invoice", request)
    item._void()
    return json_response(item._export())


def cancel_at_end(item: Any, *, cancel: bool) -> None:
    item.cancel_at_period_end = cancel
    item.canceled_at = now() if cancel else None
    send_event("customer.subscription.updated", item)


async def subscription_end(request: web.Request) -> web.Response:
    item = get_object("subscription", request)
    if item.status in ENDED:
        raise UserError(404, f"No such subscription: '{item.id}'")
    item._end()
    return json_response(item._export())


async def refund(request: web.Request) -> web.Response:
    return json_response(refund_create(**(await get_post_data(request) or {}))._export())


async def advance(request: web.Request) -> web.Response:
    """Advance the clock, and apply what is then due. Not part of Stripe's API."""
    data = await get_post_data(request) or {}
    clock.ahead += int(data["seconds"])
    tick()
    return json_response({"now": now()})


async def dispute(request: web.Request) -> web.Response:
    """Open or close a dispute of a charge. Not part of Stripe's API."""
    data = await get_post_data(request) or {}
    charge = Charge._api_retrieve(data["charge"])
    old = [item for item in every("dispute") if item.charge == charge.id]
    if data.get("close") and old:
        old[0]._close(won=data["close"] == "won")
    made = old[0] if old else Dispute(charge)
    return json_response(made._export())


async def refund_failed(request: web.Request) -> web.Response:
    """Let a refund fail at the bank. Not part of Stripe's API."""
    data = await get_post_data(request) or {}
    item = store[f"refund:{data['refund']}"]
    refund_fail(item)
    return json_response(item._export())


async def target(request: web.Request) -> web.Response:
    """Set the target of events. Not part of Stripe's API."""
    data = await get_post_data(request) or {}
    sandbox_store.webhook_url = str(data.get("url", ""))
    return json_response({"url": sandbox_store.webhook_url})


async def events(request: web.Request) -> web.Response:
    """Return the events after a number, for tests without a webhook. Not part of Stripe's API."""
    after = int(request.query.get("after", "0"))
    return json_response({"events": sandbox_store.sent_events[after:]})


async def balance(request: web.Request) -> web.Response:
    """Return the sum of all movements, to compare with a ledger. Not part of Stripe's API."""
    return json_response({"total": sum(item.amount for item in every("balance_transaction"))})
