"""Commands to the payment provider: written as rows, carried out by `billing.sync.run_commands`."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from billing.models import Order, OrderKind
from billing.providers import provider
from kushfilms.core.jobs import job_enqueue


def order_place(
    kind: OrderKind,
    *,
    user: User | None,
    object_id: str,
    plan: str = "",
    amount_minor: int | None = None,
    priced_at: datetime | None = None,
    reason: str = "",
) -> Order | None:
    """Write the order, in the caller's transaction; None where the same is waiting already."""
    order = Order(
        kind=kind,
        user=user,
        provider=provider().name,
        object_id=object_id,
        plan=plan,
        amount_minor=amount_minor,
        priced_at=priced_at,
        reason=reason[:500],
    )
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError:
        return None
    job_enqueue("billing_order", {"order": str(order.pk)})
    return order
