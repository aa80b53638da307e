"""Nobody who left is billed."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from billing.models import OrderKind, Subscription
from billing.services.commands import order_place
from billing.services.subscriptions import subscription_cancel
from kushfilms.core.errors import WrongState


def leaving_cancel(user_id: UUID) -> None:
    """Who asked to be erased is not billed again, even should they change their mind."""
    try:
        subscription_cancel(User.objects.get(pk=user_id))
    except WrongState:
        return  # nothing that would be billed


@transaction.atomic
def customer_forget(user_id: UUID) -> None:
    """The provider forgets them, which ends what runs there; our row forgets where it was."""
    row = Subscription.objects.filter(user_id=user_id).exclude(provider_customer_id="").first()
    if row is not None:
        order_place(OrderKind.FORGET, user=None, object_id=row.provider_customer_id)
        row.provider_customer_id = row.pay_url = ""
        row.save(update_fields=["provider_customer_id", "pay_url", "updated_at"])
