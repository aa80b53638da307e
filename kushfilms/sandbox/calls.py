"""The API calls that localstripe does not answer, or not in today's shape."""

from typing import Any

from aiohttp import web
from localstripe.errors import UserError
from localstripe.resources import Charge, DeletedObject, store
from localstripe.server import get_post_data, json_response, unflatten_data

from kushfilms.sandbox import ground
from kushfilms.sandbox.ground import clock, now, tell
from kushfilms.sandbox.sessions import CheckoutSession, PortalSession
from kushfilms.sandbox.subscribing import tick
from kushfilms.sandbox.things import (
    Dispute,
    Price,
    SandboxCustomer,
    every,
    listed,
    refund_create,
)

ENDED = ("canceled", "incomplete_expired")


def found(kind: str, request: web.Request) -> Any:
    item = store.get(f"{kind}:{request.match_info['id']}")
    if item is None:
        raise UserError(404, f"No such {kind}: '{request.match_info['id']}'")
    return item


def retrieve(kind: str) -> Any:
    async def answer(request: web.Request) -> web.Response:
        return json_response(found(kind, request)._export())

    return answer


def list_all(kind: str) -> Any:
    """Filtered by `customer`, `charge` and `status`, which is all we ask for."""

    async def answer(request: web.Request) -> web.Response:
        wanted = unflatten_data(request.query)
        items = every(kind)
        for name in ("customer", "charge"):
            if name in wanted:
                items = [item for item in items if getattr(item, name, None) == wanted[name]]
        status = wanted.get("status")
        if status not in {None, "all"}:
            items = [item for item in items if item.status == status]
        return json_response(listed(items, request.path))

    return answer


async def customer_create(request: web.Request) -> web.Response:
    data = await get_post_data(request) or {}
    made = SandboxCustomer(
        email=data.get("email", ""), name=data.get("name", ""), metadata=data.get("metadata")
    )
    return json_response(made._export())


async def customer_delete(request: web.Request) -> web.Response:
    """Ends what runs there, as the real one does."""
    gone = found("customer", request)
    for item in every("subscription"):
        if item.customer == gone.id and item.status not in ENDED:
            item._end()
    del store[f"customer:{gone.id}"]
    return json_response(DeletedObject(gone.id, "customer")._export())


async def session_create(request: web.Request) -> web.Response:
    data = await get_post_data(request) or {}
    return json_response(CheckoutSession(**data)._export())


async def session_expire(request: web.Request) -> web.Response:
    session = found("checkout.session", request)
    session._expire()
    return json_response(session._export())


async def portal_create(request: web.Request) -> web.Response:
    data = await get_post_data(request) or {}
    return json_response(PortalSession(**data)._export())


async def price_retrieve(request: web.Request) -> web.Response:
    return json_response(Price.export(request.match_info["id"]))


async def subscription_update(request: web.Request) -> web.Response:
    item, data = found("subscription", request), await get_post_data(request) or {}
    if item.status in ENDED:
        raise UserError(400, "A canceled subscription can only be looked at.")
    if "cancel_at_period_end" in data:
        cancel_at_end(item, cancel=str(data["cancel_at_period_end"]).lower() == "true")
    if data.get("items"):
        item._change(data["items"][0]["price"], str(data.get("proration_behavior", "")))
    return json_response(item._export())


def cancel_at_end(item: Any, *, cancel: bool) -> None:
    item.cancel_at_period_end = cancel
    item.canceled_at = now() if cancel else None
    tell("customer.subscription.updated", item)


async def subscription_end(request: web.Request) -> web.Response:
    item = found("subscription", request)
    if item.status in ENDED:
        raise UserError(404, f"No such subscription: '{item.id}'")
    item._end()
    return json_response(item._export())


async def refund(request: web.Request) -> web.Response:
    return json_response(refund_create(**(await get_post_data(request) or {}))._export())


async def advance(request: web.Request) -> web.Response:
    """Not Stripe's: time goes on, and with it come renewals, failures and ends."""
    data = await get_post_data(request) or {}
    clock.ahead += int(data["seconds"])
    tick()
    return json_response({"now": now()})


async def dispute(request: web.Request) -> web.Response:
    """Not Stripe's: the bank of a charge is asked for the money back, or has decided."""
    data = await get_post_data(request) or {}
    charge = Charge._api_retrieve(data["charge"])
    old = [item for item in every("dispute") if item.charge == charge.id]
    if data.get("close") and old:
        old[0]._close(won=data["close"] == "won")
    made = old[0] if old else Dispute(charge)
    return json_response(made._export())


async def target(request: web.Request) -> web.Response:
    """Not Stripe's: where events go from now on."""
    data = await get_post_data(request) or {}
    ground.webhook_url = str(data.get("url", ""))
    return json_response({"url": ground.webhook_url})


async def events(request: web.Request) -> web.Response:
    """Not Stripe's: what was told since an event, for who cannot be called back."""
    after = int(request.query.get("after", "0"))
    return json_response({"events": ground.told[after:]})


async def balance(request: web.Request) -> web.Response:
    """Not Stripe's: all that moved, in cents, to hold a ledger against."""
    return json_response({"total": sum(item.amount for item in every("balance_transaction"))})
