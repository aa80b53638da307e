"""Whose customer a provider's customer is."""

from uuid import UUID

from accounts.models import User
from billing.models import Subscription
from billing.projection import Mirror


def user_of_customer(customer_id: str, mirror: Mirror, *, provider: str) -> User | None:
    """By our own row; before there is one, by the name we gave the provider."""
    rows = Subscription.objects.select_related("user")
    row = rows.filter(provider=provider, provider_customer_id=customer_id).first()
    if row is not None:
        return row.user
    for data in mirror.subscriptions:
        user = _named((data.get("metadata") or {}).get("user"))
        if user is not None and not _has_another(user):
            return user
    return None


def _named(user_id: object) -> User | None:
    try:
        return User.objects.filter(pk=UUID(str(user_id)), erased_at=None).first()
    except ValueError:
        return None


def _has_another(user: User) -> bool:
    """A customer of their own already: two would be two people's money in one row."""
    mine = Subscription.objects.filter(user=user).exclude(provider_customer_id="")
    return mine.exists()
