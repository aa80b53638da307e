"""What a provider must do for us: a row first, then a job that asks until it is done."""

import time

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from billing.models import Order, OrderKind, OrderState, Plan, Subscription
from billing.providers import provider, provider_named
from billing.providers.base import Provider, ProviderRefused
from billing.versions import Object
from kushfilms.core.jobs import GiveUp, Payload, Running, job_enqueue, job_kind


def order_place(
    kind: OrderKind,
    *,
    user: User | None,
    object_id: str,
    plan: str = "",
    amount_minor: int | None = None,
    reason: str = "",
) -> Order | None:
    """In the caller's transaction. None where the same is waiting already: clicked twice."""
    order = Order(
        kind=kind,
        user=user,
        provider=provider().name,
        object_id=object_id,
        plan=plan,
        amount_minor=amount_minor,
        reason=reason[:500],
    )
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError:
        return None
    job_enqueue("billing_order", {"order": str(order.pk)})
    return order


def _failed(payload: Payload) -> None:
    rows = Order.objects.filter(pk=payload["order"], state=OrderState.WAITING)
    rows.update(state=OrderState.FAILED, finished_at=timezone.now())


@job_kind("billing_order", given_up=_failed)
def order_do(job: Running) -> None:
    """Ask the provider, keep its answer. Done twice it is one: the order's id is the key."""
    order = Order.objects.filter(pk=job.payload["order"], state=OrderState.WAITING).first()
    if order is None:
        return
    at = time.time()
    try:
        answers = _ask(provider_named(order.provider), order)
    except ProviderRefused as exc:
        Order.objects.filter(pk=order.pk).update(last_error=exc.message[:500])
        order_over(order, state=OrderState.FAILED)
        raise GiveUp(exc.message) from exc
    order_finish(order, answers, at=at)


def _ask(source: Provider, order: Order) -> list[Object]:
    key, about = str(order.pk), order.object_id
    match OrderKind(order.kind):
        case OrderKind.CANCEL:
            return [source.cancel(about, key=key)]
        case OrderKind.REACTIVATE:
            return [source.reactivate(about, key=key)]
        case OrderKind.CHANGE_PLAN:
            return [source.change_plan(about, plan=Plan(order.plan), up=_is_up(order), key=key)]
        case OrderKind.END:
            return [source.end(about, key=key)]
        case OrderKind.REFUND:
            return source.refund(about, amount_minor=order.amount_minor, key=key)
        case OrderKind.FORGET:
            source.customer_forget(about, key=key)
            return []


def _is_up(order: Order) -> bool:
    row = Subscription.objects.filter(provider_subscription_id=order.object_id).first()
    return row is None or Plan(order.plan).rank > Plan(row.plan).rank


def order_finish(order: Order, answers: list[Object], *, at: float) -> None:
    """The answers are versions like any other. Only then the wish ends: never is there a moment
    at which neither of the two says what was asked for.
    """
    from billing.services.inbox import object_keep

    for data in answers:
        object_keep(order.provider, data, at=at)
    order_over(order, state=OrderState.DONE)


def order_over(order: Order, *, state: OrderState) -> None:
    from billing.mirror import mirror_lock
    from billing.services.projecting import customer_project

    row = Subscription.objects.filter(user=order.user).exclude(provider_customer_id="").first()
    with transaction.atomic():
        if row is not None and order.user is not None:
            mirror_lock(row.provider_customer_id)
        waiting = Order.objects.filter(pk=order.pk, state=OrderState.WAITING)
        waiting.update(state=state, finished_at=timezone.now())
        if row is not None and order.user is not None:
            customer_project(row.provider_customer_id, provider=order.provider)
