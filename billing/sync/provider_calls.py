"""Which call to a provider an order is."""

from billing.models import Order, OrderKind, Plan
from billing.providers import provider_named
from billing.providers.base import Provider
from billing.sync.projection.states import id_of
from billing.sync.versions import Object


def order_ask(order: Order) -> list[Object]:
    """Make the call; return the objects it answered with.

    Raises Unavailable, ProviderRefused.
    """
    source = provider_named(order.provider)
    if order.kind == OrderKind.REFUND:
        return source.refund(order.object_id, amount_minor=order.amount_minor, key=str(order.pk))
    if order.kind == OrderKind.FORGET:
        source.customer_forget(order.object_id, key=str(order.pk))
        return []
    changed = _changed(source, order)
    if changed.get("pending_update"):
        # The change waits for its bill, whose page the person is sent to.
        bill = id_of(changed.get("latest_invoice"))
        return [source.fetch("invoice", bill), changed] if bill else [changed]
    return [changed]


def _changed(source: Provider, order: Order) -> Object:
    """A subscription, or a bill, as it is after the call."""
    key, about, plan = str(order.pk), order.object_id, Plan(order.plan or Plan.FREE)
    if order.kind == OrderKind.CHANGE_PLAN:
        at = order.priced_at or order.created_at
        return source.plan_raise(about, plan=plan, priced_at=at, key=key)
    if order.kind == OrderKind.LOWER_LATER:
        return source.plan_lower_later(about, plan=plan, key=key)
    if order.kind == OrderKind.SET_PLAN:
        return source.plan_set(about, plan=plan, key=key)
    plain = {
        OrderKind.CANCEL: source.cancel,
        OrderKind.REACTIVATE: source.reactivate,
        OrderKind.END: source.end,
        OrderKind.VOID: source.void,
    }
    return plain[OrderKind(order.kind)](about, key=key)
