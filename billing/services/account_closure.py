"""Cancellation of billing when an account is closed."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from billing.models import CommandKind, Subscription
from billing.services.commands import command_create
from billing.services.subscriptions import subscription_cancel
from kushfilms.core.errors import WrongState


def subscription_cancel_on_closing(user_id: UUID) -> None:
    """Cancel the subscription of a person who asked for erasure.

    It stays canceled if the person withdraws the request: they can reactivate it themselves.
    """
    try:
        subscription_cancel(User.objects.get(pk=user_id))
    except WrongState:
        return  # no subscription that would be billed


@transaction.atomic
def customer_forget(user_id: UUID) -> None:
    """Have the provider delete the customer, which ends its subscriptions, and unlink our row."""
    row = Subscription.objects.filter(user_id=user_id).exclude(provider_customer_id="").first()
    if row is not None:
        command_create(CommandKind.FORGET, user=None, object_id=row.provider_customer_id)
        row.provider_customer_id = row.pay_url = ""
        row.save(update_fields=["provider_customer_id", "pay_url", "updated_at"])
