"""What a person does with their own plan: cancel, take it up again, change it."""

from django.db import transaction

from accounts.models import User
from billing.mirror import mirror_lock
from billing.models import OrderKind, Plan, Subscription, SubscriptionStatus
from billing.services.ordering import order_place
from billing.services.projecting import customer_project
from billing.standing import LIVE
from kushfilms.core.errors import InvalidInput, WrongState

NOTHING = "You have no paid plan that could be changed."


@transaction.atomic
def subscription_cancel(user: User) -> Subscription:
    """No further bill; open to the end of what was paid. Twice is once.

    Raises WrongState (`not_subscribed`).
    """
    row = _mine(user)
    if not row.cancel_at_period_end:
        _ask(row, OrderKind.CANCEL)
    row.refresh_from_db()
    return row


@transaction.atomic
def subscription_reactivate(user: User) -> Subscription:
    """Take a cancellation back, as long as the period runs. Twice is once.

    Raises WrongState (`not_subscribed`): what has ended is bought anew.
    """
    row = _mine(user)
    if row.cancel_at_period_end:
        _ask(row, OrderKind.REACTIVATE)
    row.refresh_from_db()
    return row


@transaction.atomic
def subscription_change(user: User, *, plan: Plan) -> Subscription:
    """Up is paid now, down comes off the next bill.

    Raises:
        InvalidInput: the free plan, which is a cancellation.
        WrongState: `not_subscribed`, or `past_due` while a bill is open.
    """
    row = _mine(user)
    if plan == Plan.FREE:
        raise InvalidInput("Cancel your plan to go back to the free one.")
    if row.status in {SubscriptionStatus.PAST_DUE, SubscriptionStatus.UNPAID}:
        raise WrongState("Pay the open bill first, then change your plan.", code="past_due")
    if row.plan != plan:
        order_place(
            OrderKind.CHANGE_PLAN, user=user, object_id=row.provider_subscription_id, plan=plan
        )
    return row


def _mine(user: User) -> Subscription:
    """With the customer to ourselves: a renewal that comes now waits, or we do."""
    row = Subscription.objects.filter(user=user).exclude(provider_customer_id="").first()
    if row is None:
        raise WrongState(NOTHING, code="not_subscribed")
    mirror_lock(row.provider_customer_id)
    row.refresh_from_db()
    if row.status not in LIVE or not row.provider_subscription_id:
        raise WrongState(NOTHING, code="not_subscribed")
    return row


def _ask(row: Subscription, kind: OrderKind) -> None:
    order_place(kind, user=row.user, object_id=row.provider_subscription_id)
    customer_project(row.provider_customer_id, provider=row.provider)
