"""Orders that follow from a projection automatically."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from billing.models import Order, OrderKind, OrderState
from billing.services.commands import order_place
from billing.sync.projection import Projection
from billing.sync.projection.states import RefundCause

# What the provider refused is not asked again at once: the refusal itself projects the customer.
PAUSE_AFTER_REFUSAL = timedelta(hours=20)
END_REASON = "Its money went back, it was a second one, or it was canceled unpaid."
VOID_REASON = "Its subscription has ended."
SET_REASON = "The money for the change to the dearer plan went back."


def orders_follow(user: User, found: Projection, *, running: list[str]) -> None:
    """End, void, set and refund what the projection says. `running` is ended as well."""
    for subscription_id in {*found.to_end, *running}:
        _follow(OrderKind.END, user, subscription_id, reason=END_REASON)
    for invoice_id in found.to_void:
        _follow(OrderKind.VOID, user, invoice_id, reason=VOID_REASON)
    for subscription_id, plan in found.to_set:
        _follow(OrderKind.SET_PLAN, user, subscription_id, reason=SET_REASON, plan=plan)
    for item in found.to_refund:
        _refund_once(user, item.payment_id, cause=item.cause)


def _follow(kind: OrderKind, user: User, object_id: str, *, reason: str, plan: str = "") -> None:
    refused = Order.objects.filter(kind=kind, object_id=object_id, state=OrderState.FAILED)
    if not refused.filter(finished_at__gt=timezone.now() - PAUSE_AFTER_REFUSAL).exists():
        order_place(kind, user=user, object_id=object_id, reason=reason, plan=plan)


def _refund_once(user: User, payment_id: str, *, cause: RefundCause) -> None:
    """All that is left of it, once: a refund that failed is for staff to look at."""
    placed = Order.objects.filter(kind=OrderKind.REFUND, object_id=payment_id)
    if not placed.filter(reason__in=RefundCause.labels).exists():
        order_place(OrderKind.REFUND, user=user, object_id=payment_id, reason=cause.label)
