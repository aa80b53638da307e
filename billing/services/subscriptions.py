"""Cancellation, reactivation and change of a person's own plan."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from billing.models import CommandKind, CommandState, Plan, ProviderCommand, Subscription
from billing.plan_access import LIVE, RUNNING
from billing.services.change_notices import ASKED_FOR
from billing.services.commands import command_create
from billing.sync.mirror import mirror_lock
from billing.sync.write_rows import customer_project
from kushfilms.core.errors import InvalidInput, WrongState

CHANGES = (CommandKind.CHANGE_PLAN, CommandKind.LOWER_LATER, CommandKind.SET_PLAN)
NOTHING_TO_CHANGE = "You have no paid plan to change."


@transaction.atomic
def subscription_cancel(user: User) -> Subscription:
    """Stop billing. A paid period stays open to its end; an unpaid one ends now, with its bill.

    Idempotent.

    Raises:
        WrongState: `not_subscribed`.
    """
    row = _locked_subscription(user)
    if row.status not in RUNNING:
        _ask(row, CommandKind.END, reason=ASKED_FOR)
    elif not row.cancel_at_period_end:
        _ask(row, CommandKind.CANCEL)
    row.refresh_from_db()
    return row


@transaction.atomic
def subscription_reactivate(user: User) -> Subscription:
    """Withdraw a cancellation while the period runs. Idempotent.

    Raises:
        WrongState: `not_subscribed`; a plan that has ended must be bought again.
    """
    row = _locked_subscription(user)
    if row.cancel_at_period_end:
        _ask(row, CommandKind.REACTIVATE)
    row.refresh_from_db()
    return row


@transaction.atomic
def subscription_raise(
    user: User, *, plan: Plan, priced_at: datetime, amount_minor: int
) -> Subscription:
    """Upgrade now, for the difference that was shown (`billing.services.quotes`).

    Raises:
        InvalidInput: not an upgrade.
        WrongState: as `_check_change`.
    """
    row = _locked_subscription(user)
    _check_raise(row, plan=plan)
    command_create(
        CommandKind.CHANGE_PLAN,
        user=user,
        object_id=row.provider_subscription_id,
        plan=plan,
        amount_minor=amount_minor,
        priced_at=priced_at,
    )
    return row


@transaction.atomic
def subscription_lower(user: User, *, plan: Plan) -> Subscription:
    """Downgrade at the end of the paid period. Idempotent.

    Raises:
        InvalidInput: not a cheaper plan, or the free plan, which is a cancellation.
        WrongState: as `_check_change`.
    """
    if plan == Plan.FREE:
        raise InvalidInput("To go back to the free plan, cancel your plan.")
    row = _locked_subscription(user)
    if row.next_plan == plan:
        return row
    _check_change(row)
    if plan.rank >= Plan(row.plan).rank:
        raise InvalidInput("Choose a plan that costs less than yours.")
    _ask(row, CommandKind.LOWER_LATER, plan=plan)
    row.refresh_from_db()
    return row


@transaction.atomic
def subscription_stay(user: User) -> Subscription:
    """Withdraw a downgrade before it happens. Idempotent.

    Raises:
        WrongState: as `_check_change`.
    """
    row = _locked_subscription(user)
    if row.next_plan:
        _check_change(row)
        _ask(row, CommandKind.SET_PLAN, plan=row.plan)
        row.refresh_from_db()
    return row


@transaction.atomic
def subscription_raisable(user: User, *, plan: Plan) -> Subscription:
    """Return the row if `subscription_raise` would accept the plan now; raise as it does."""
    row = _locked_subscription(user)
    _check_raise(row, plan=plan)
    return row


def _check_raise(row: Subscription, *, plan: Plan) -> None:
    _check_change(row)
    if plan.rank <= Plan(row.plan).rank:
        raise InvalidInput("Choose a plan that costs more than yours.")


def _check_change(row: Subscription) -> None:
    """Check that the plan can be changed now.

    Raises:
        WrongState: `past_due` while a bill is open; `canceled`; `change_under_way` while another
            change waits for the provider or for its payment.
    """
    if row.status not in RUNNING:
        raise WrongState("Pay the open bill first, then change your plan.", code="past_due")
    if row.cancel_at_period_end:
        raise WrongState("Keep your plan first, then change it.", code="canceled")
    if row.upgrade_plan or change_waits(row):
        message = "Your plan is being changed. Wait for the change, or pay its bill."
        raise WrongState(message, code="change_under_way")


def _locked_subscription(user: User) -> Subscription:
    """Return the row with the customer locked, so that a renewal at the same moment waits.

    Raises:
        WrongState: `not_subscribed`.
    """
    row = Subscription.objects.filter(user=user).exclude(provider_customer_id="").first()
    if row is None:
        raise WrongState(NOTHING_TO_CHANGE, code="not_subscribed")
    mirror_lock(row.provider_customer_id)
    row.refresh_from_db()
    if row.status not in LIVE or not row.provider_subscription_id:
        raise WrongState(NOTHING_TO_CHANGE, code="not_subscribed")
    return row


def change_waits(row: Subscription) -> bool:
    """Return whether a change of plan waits for the provider."""
    commands = ProviderCommand.objects.filter(
        object_id=row.provider_subscription_id, state=CommandState.WAITING, kind__in=CHANGES
    )
    return commands.exists()


def _ask(row: Subscription, kind: CommandKind, *, plan: str = "", reason: str = "") -> None:
    command_create(
        kind, user=row.user, object_id=row.provider_subscription_id, plan=plan, reason=reason
    )
    customer_project(row.provider_customer_id, provider=row.provider)
