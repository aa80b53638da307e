"""The API calls that localstripe does not answer, or not in today's shape."""

from typing import Any

from aiohttp import web
from localstripe.errors import UserError
from localstripe.resources import Charge, DeletedObject, store
from localstripe.server import get_post_data, json_response, unflatten_data

from dev.stripe_sandbox import store as ground
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
from dev.stripe_sandbox.store import DAY, clock, now, tell
from dev.stripe_sandbox.subscriptions import tick

ENDED = ("canceled", "incomplete_expired")


def found(kind: str, request: web.Request) -> Any:
    item = store.get(f"{kind}:{request.match_info['id']}")
    if item is None:
        said = f"No such {kind}: '{request.match_info['id']}'"
        raise UserError(404, said, {"code": "resource_missing", "param": "id"})
    return item


def retrieve(kind: str) -> Any:
    async def answer(request: web.Request) -> web.Response:
        return json_response(found(kind, request)._export())

    return answer


def list_all(kind: str) -> Any:
    """Filtered by `customer`, `charge` and `status`, which is all we ask for."""

    async def answer(request: web.Request) -> web.Response:
        wanted = unflatten_data(request.query)
        if "customer" in wanted:
            _customer_was_known(wanted["customer"])
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


def _customer_was_known(customer_id: str) -> None:
    """A deleted customer's things can still be listed; those of an unknown one cannot."""
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
    item = found("customer", request)
    data = await get_post_data(request) or {}
    item.email = data.get("email", item.email)
    item.name = data.get("name", item.name)
    tell("customer.updated", item)
    return json_response(item._export())


async def customer_delete(request: web.Request) -> web.Response:
    """Ends what runs there, as the real one does."""
    gone = found("customer", request)
    for item in every("subscription"):
        if item.customer == gone.id and item.status not in ENDED:
            item._end()
    del store[f"customer:{gone.id}"]
    tell("customer.deleted", gone)
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
    item = found("subscription", request)
    data = await get_post_data(request) or {}
    if item.status in ENDED:
        raise UserError(400, "A canceled subscription can only be looked at.")
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
    """The site's clock may be behind ours, which can be moved: then it is now."""
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
    item = found("invoice", request)
    item._void()
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


async def refund_failed(request: web.Request) -> web.Response:
    """Not Stripe's: the bank of a refund sends the money back."""
    data = await get_post_data(request) or {}
    item = store[f"refund:{data['refund']}"]
    refund_fail(item)
    return json_response(item._export())


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
    """Not Stripe's: all that moved, in its units, to hold a ledger against."""
    return json_response({"total": sum(item.amount for item in every("balance_transaction"))})
