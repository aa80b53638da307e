"""What a person does with their own plan: cancel, take it up again, change it."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from billing.models import Order, OrderKind, OrderState, Plan, Subscription
from billing.plan_access import LIVE, RUNNING
from billing.services.change_notices import ASKED_FOR
from billing.services.commands import order_place
from billing.sync.mirror import mirror_lock
from billing.sync.write_rows import customer_project
from kushfilms.core.errors import InvalidInput, WrongState

CHANGES = (OrderKind.CHANGE_PLAN, OrderKind.LOWER_LATER, OrderKind.SET_PLAN)
NOTHING = "You have no paid plan that could be changed."


@transaction.atomic
def subscription_cancel(user: User) -> Subscription:
    """Stop billing. What is paid stays open to its end; what is not paid ends now, with its bill.

    Twice is once. Raises WrongState (`not_subscribed`).
    """
    row = _mine(user)
    if row.status not in RUNNING:
        _ask(row, OrderKind.END, reason=ASKED_FOR)
    elif not row.cancel_at_period_end:
        _ask(row, OrderKind.CANCEL)
    row.refresh_from_db()
    return row


@transaction.atomic
def subscription_reactivate(user: User) -> Subscription:
    """Take a cancellation back, as long as the period runs. Twice is once.

    Raises WrongState (`not_subscribed`): what has ended is bought again.
    """
    row = _mine(user)
    if row.cancel_at_period_end:
        _ask(row, OrderKind.REACTIVATE)
    row.refresh_from_db()
    return row


@transaction.atomic
def subscription_raise(
    user: User, *, plan: Plan, priced_at: datetime, amount_minor: int
) -> Subscription:
    """Change to a dearer plan now, for the difference that was shown (`billing.services.quotes`).

    Raises:
        InvalidInput: not a dearer plan.
        WrongState: as `_check_change`.
    """
    row = _mine(user)
    _check_raise(row, plan=plan)
    order_place(
        OrderKind.CHANGE_PLAN,
        user=user,
        object_id=row.provider_subscription_id,
        plan=plan,
        amount_minor=amount_minor,
        priced_at=priced_at,
    )
    return row


@transaction.atomic
def subscription_lower(user: User, *, plan: Plan) -> Subscription:
    """Change to a cheaper plan at the end of what is paid. Twice is once.

    Raises:
        InvalidInput: not a cheaper plan, or the free one, which is a cancellation.
        WrongState: as `_check_change`.
    """
    if plan == Plan.FREE:
        raise InvalidInput("Cancel your plan to go back to the free one.")
    row = _mine(user)
    if row.next_plan == plan:
        return row
    _check_change(row)
    if plan.rank >= Plan(row.plan).rank:
        raise InvalidInput("Choose a cheaper plan than yours.")
    _ask(row, OrderKind.LOWER_LATER, plan=plan)
    row.refresh_from_db()
    return row


@transaction.atomic
def subscription_stay(user: User) -> Subscription:
    """Take a change to a cheaper plan back before it happens. Twice is once.

    Raises WrongState, as `_check_change`.
    """
    row = _mine(user)
    if row.next_plan:
        _check_change(row)
        _ask(row, OrderKind.SET_PLAN, plan=row.plan)
        row.refresh_from_db()
    return row


@transaction.atomic
def subscription_raisable(user: User, *, plan: Plan) -> Subscription:
    """The row, where `subscription_raise` could be asked for now. Raises what it raises."""
    row = _mine(user)
    _check_raise(row, plan=plan)
    return row


def _check_raise(row: Subscription, *, plan: Plan) -> None:
    _check_change(row)
    if plan.rank <= Plan(row.plan).rank:
        raise InvalidInput("Choose a dearer plan than yours.")


def _check_change(row: Subscription) -> None:
    """Raises WrongState: `past_due` while a bill is open; `canceled`; `change_under_way` while
    another change waits for the provider or for its payment.
    """
    if row.status not in RUNNING:
        raise WrongState("Pay the open bill first, then change your plan.", code="past_due")
    if row.cancel_at_period_end:
        raise WrongState("Take your plan up again first, then change it.", code="canceled")
    if row.upgrade_plan or change_waits(row):
        said = "A change of your plan is under way. Wait for it, or pay its bill."
        raise WrongState(said, code="change_under_way")


def _mine(user: User) -> Subscription:
    """The row, with the customer locked: a renewal that comes now waits, or we do."""
    row = Subscription.objects.filter(user=user).exclude(provider_customer_id="").first()
    if row is None:
        raise WrongState(NOTHING, code="not_subscribed")
    mirror_lock(row.provider_customer_id)
    row.refresh_from_db()
    if row.status not in LIVE or not row.provider_subscription_id:
        raise WrongState(NOTHING, code="not_subscribed")
    return row


def change_waits(row: Subscription) -> bool:
    """Whether a change of plan was asked for and the provider has not done it yet."""
    orders = Order.objects.filter(
        object_id=row.provider_subscription_id, state=OrderState.WAITING, kind__in=CHANGES
    )
    return orders.exists()


def _ask(row: Subscription, kind: OrderKind, *, plan: str = "", reason: str = "") -> None:
    order_place(
        kind, user=row.user, object_id=row.provider_subscription_id, plan=plan, reason=reason
    )
    customer_project(row.provider_customer_id, provider=row.provider)
