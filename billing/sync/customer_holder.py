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
        user = _named((data.get("metadata") or {}).get("user"))
        if user is not None and not _has_another(user):
            return Holder(user, is_current=True)
    return _former(mirror, provider=provider)


def _former(mirror: Mirror, *, provider: str) -> Holder | None:
    ids = [item["id"] for item in mirror.charges]
    paid = Payment.objects.filter(provider=provider, provider_payment_id__in=ids)
    payment = paid.select_related("user").first() if mirror.customer_gone and ids else None
    return Holder(payment.user, is_current=False) if payment else None


def _named(user_id: object) -> User | None:
    try:
        return User.objects.filter(pk=UUID(str(user_id)), erased_at=None).first()
    except ValueError:
        return None


def _has_another(user: User) -> bool:
    """Return whether the person already has a customer.

    One row per person holds one customer, so a second one must not overwrite it.
    """
    own_rows = Subscription.objects.filter(user=user).exclude(provider_customer_id="")
    return own_rows.exists()
