"""Commands to the payment provider, carried out by a job until the provider has answered."""

import time

from django.db import transaction
from django.utils import timezone

from billing.models import DiscrepancyKind, Order, OrderKind, OrderState, Subscription
from billing.providers.base import ProviderRefused
from billing.services.notices import tell
from billing.sync.apply import object_keep
from billing.sync.discrepancies import discrepancy_note
from billing.sync.mirror import mirror_lock
from billing.sync.provider_calls import order_ask
from billing.sync.versions import Object
from billing.sync.write_rows import customer_project
from kushfilms.core.jobs import GiveUp, Payload, Running, job_enqueue, job_kind


def _failed(payload: Payload) -> None:
    order = Order.objects.filter(pk=payload["order"], state=OrderState.WAITING).first()
    if order is not None:
        rows = Order.objects.filter(pk=order.pk)
        rows.update(state=OrderState.FAILED, finished_at=timezone.now())
        _tell_of_refusal(order, "The payment service could not be reached for days.")


@job_kind("billing_order", given_up=_failed)
def order_do(job: Running) -> None:
    """Ask the provider, keep its answer. Done twice it is one: the order's id is the key."""
    order = Order.objects.filter(pk=job.payload["order"], state=OrderState.WAITING).first()
    if order is None:
        return
    at = time.time()
    try:
        answers = order_ask(order)
    except ProviderRefused as exc:
        Order.objects.filter(pk=order.pk).update(last_error=exc.message[:500])
        order_over(order, state=OrderState.FAILED)
        _tell_of_refusal(order, exc.message)
        raise GiveUp(exc.message) from exc
    order_finish(order, answers, at=at)


def _tell_of_refusal(order: Order, said: str) -> None:
    """Tell the person of a refused change of plan, and staff of a refused refund or end.

    A bill that cannot be voided was paid or is void already: it is asked about instead.
    """
    if order.kind == OrderKind.CHANGE_PLAN and order.user is not None:
        tell(order.user, "change_failed", about=f"order {order.pk}")
    elif order.kind == OrderKind.VOID:
        payload = {"provider": order.provider, "kind": "invoice", "id": order.object_id}
        job_enqueue("billing_fetch", payload, key=order.object_id)
    elif order.kind in {OrderKind.REFUND, OrderKind.END, OrderKind.SET_PLAN}:
        detail = f"{OrderKind(order.kind).label} was refused: {said}"
        about = _customer_id(order)
        discrepancy_note(
            order.provider, DiscrepancyKind.ORDER_REFUSED, order.object_id, detail,
            customer_id=about,
        )  # fmt: skip


def _customer_id(order: Order) -> str:
    row = Subscription.objects.filter(user=order.user).only("provider_customer_id").first()
    return row.provider_customer_id if row and order.user else ""


def order_finish(order: Order, answers: list[Object], *, at: float) -> None:
    """The answers are versions like any other. Only then the wish ends: never is there a moment
    at which neither of the two says what was asked for.
    """
    for data in answers:
        object_keep(order.provider, data, at=at)
    order_over(order, state=OrderState.DONE)


def order_over(order: Order, *, state: OrderState) -> None:
    row = Subscription.objects.filter(user=order.user).exclude(provider_customer_id="").first()
    with transaction.atomic():
        if row is not None and order.user is not None:
            mirror_lock(row.provider_customer_id)
        waiting = Order.objects.filter(pk=order.pk, state=OrderState.WAITING)
        waiting.update(state=state, finished_at=timezone.now())
        if row is not None and order.user is not None:
            customer_project(row.provider_customer_id, provider=order.provider)
