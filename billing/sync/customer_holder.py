"""The person behind a provider's customer."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from billing.models import Payment, Subscription
from billing.sync.projection import Mirror


@dataclass(frozen=True)
class Holder:
    """The person behind a customer. A former customer was deleted at the provider since: its
    payments stay the person's, and what it had no longer says which plan they hold.
    """

    user: User
    is_current: bool


def holder_of_customer(customer_id: str, mirror: Mirror, *, provider: str) -> Holder | None:
    """Find the person by our own row; before there is one, by the id we gave the provider."""
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
    """A customer of their own already: two would be two people's money in one row."""
    mine = Subscription.objects.filter(user=user).exclude(provider_customer_id="")
    return mine.exists()
