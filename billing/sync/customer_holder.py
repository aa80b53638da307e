"""Lookup of the person who holds a customer at the provider."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from billing.models import Payment, Subscription
from billing.sync.projection import Mirror


@dataclass(frozen=True)
class Holder:
    """Person who holds a customer.

    A former customer (not `is_current`) was deleted at the provider. Its payments still belong to
    the person, but its subscriptions no longer determine their plan.
    """

    user: User
    is_current: bool


def holder_of_customer(customer_id: str, mirror: Mirror, *, provider: str) -> Holder | None:
    """Return the holder by our own row, or else by the user id in the provider's metadata."""
    rows = Subscription.objects.select_related("user")
    row = rows.filter(provider=provider, provider_customer_id=customer_id).first()
    if row is not None:
        return Holder(row.user, is_current=True)
    for data in mirror.subscriptions:
        try:
            user_id = UUID(str((data.get("metadata") or {}).get("user")))
        except ValueError:
            continue
        user = User.objects.filter(pk=user_id, erased_at=None).first()
        if user is None:
            continue
        # One row per person holds one customer, so a second one must not overwrite it.
        if not rows.filter(user=user).exclude(provider_customer_id="").exists():
            return Holder(user, is_current=True)
    charge_ids = [item["id"] for item in mirror.charges]
    if not mirror.customer_gone or not charge_ids:
        return None
    paid = Payment.objects.filter(provider=provider, provider_payment_id__in=charge_ids)
    payment = paid.select_related("user").first()
    return Holder(payment.user, is_current=False) if payment else None
