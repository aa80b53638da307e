"""Provider commands that follow from a projection automatically."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from billing.models import CommandKind, CommandState, ProviderCommand
from billing.services.commands import command_create
from billing.sync.projection import Projection
from billing.sync.projection.states import RefundCause

# Pause before a refused command is repeated: the refusal itself projects the customer again.
PAUSE_AFTER_REFUSAL = timedelta(hours=20)
END_REASON = "Its payment was returned, it was a duplicate, or it was canceled unpaid."
VOID_REASON = "Its subscription has ended."
SET_REASON = "The payment for the upgrade was returned."


def commands_follow_up(user: User, found: Projection, *, running: list[str]) -> None:
    """Create the commands that the projection calls for, and end the subscriptions `running`."""
    for subscription_id in {*found.to_end, *running}:
        _follow(CommandKind.END, user, subscription_id, reason=END_REASON)
    for invoice_id in found.to_void:
        _follow(CommandKind.VOID, user, invoice_id, reason=VOID_REASON)
    for subscription_id, plan in found.to_set:
        _follow(CommandKind.SET_PLAN, user, subscription_id, reason=SET_REASON, plan=plan)
    for item in found.to_refund:
        _refund_once(user, item.payment_id, cause=item.cause)


def _follow(kind: CommandKind, user: User, object_id: str, *, reason: str, plan: str = "") -> None:
    refused = ProviderCommand.objects.filter(
        kind=kind, object_id=object_id, state=CommandState.FAILED
    )
    if not refused.filter(finished_at__gt=timezone.now() - PAUSE_AFTER_REFUSAL).exists():
        command_create(kind, user=user, object_id=object_id, reason=reason, plan=plan)


def _refund_once(user: User, payment_id: str, *, cause: RefundCause) -> None:
    """Refund the rest of a payment, once: staff resolve a refund that failed."""
    refunds = ProviderCommand.objects.filter(kind=CommandKind.REFUND, object_id=payment_id)
    if not refunds.filter(reason__in=RefundCause.labels).exists():
        command_create(CommandKind.REFUND, user=user, object_id=payment_id, reason=cause.label)
