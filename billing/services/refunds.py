"""Refunds, requested by staff and carried out by the provider."""

from datetime import timedelta

from django.db import transaction

from accounts.services.audit import audit_write
from billing.models import CommandKind, Payment, PaymentPurpose, PaymentStatus, Subscription
from billing.plan_access import LIVE
from billing.providers import provider_named
from billing.services.commands import command_create
from kushfilms.core.currencies import AmountError, money_typed
from kushfilms.core.errors import InvalidInput, WrongState

REFUNDABLE = (PaymentStatus.SUCCEEDED, PaymentStatus.PARTIALLY_REFUNDED)


def refund_amount(payment: Payment, text: str) -> int:
    """Return the minor units of a typed amount; of an empty text, all that is left.

    Raises:
        InvalidInput: no amount, more than is left, or an amount the provider cannot transfer.
    """
    if not text.strip():
        return payment.left_minor
    try:
        amount = money_typed(text, payment.currency)
        provider_named(payment.provider).units(amount, payment.currency)
    except AmountError as exc:
        fault = "Enter an amount such as 5,000 or 2.50, in the currency of the payment."
        raise InvalidInput("Check the amount.", fields={"amount": [fault]}) from exc
    if not 0 < amount <= payment.left_minor:
        fault = f"Enter an amount above zero and no more than {payment.left_text}."
        raise InvalidInput("Check the amount.", fields={"amount": [fault]})
    return amount


def refund_effect(payment: Payment, *, amount_minor: int) -> str:
    """Return the effect of a refund of this amount on the plan, as a sentence for staff."""
    row = Subscription.objects.filter(user=payment.user, status__in=LIVE).first()
    is_for_row = (
        row is not None and row.provider_subscription_id == payment.provider_subscription_id
    )
    if row is None or not is_for_row or amount_minor < payment.left_minor:
        return "The plan stays as it is."
    start = row.current_period_start
    if start is not None and payment.paid_at < start - timedelta(days=1):
        return "The plan stays as it is, because this payment is for a past month."
    if payment.purpose == PaymentPurpose.UPGRADE:
        return f"{row.get_plan_display()} goes back to the plan before the upgrade immediately."
    return f"{row.get_plan_display()} ends immediately, and the person is not billed again."


@transaction.atomic
def payment_refund(payment: Payment, *, amount_minor: int | None, reason: str) -> None:
    """Refund a part, or all that is left. A full refund ends the plan that the payment was for.

    Raises:
        InvalidInput: no reason, or more than is left.
        WrongState: nothing to refund; `disputed` while a bank decides or has taken the money;
            `refund_under_way`.
    """
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    left = payment.left_minor
    if payment.status not in REFUNDABLE or not left:
        raise WrongState("This payment has nothing left to refund.")
    if payment.disputed:
        message = "This payment is disputed at the bank, so a refund would pay it back twice."
        raise WrongState(message, code="disputed")
    if not reason.strip():
        raise InvalidInput("Enter a reason.", fields={"reason": ["Enter a reason."]})
    if amount_minor is not None and not 0 < amount_minor <= left:
        raise InvalidInput(f"Enter an amount above zero and no more than {payment.left_text}.")
    command = command_create(
        CommandKind.REFUND,
        user=payment.user,
        object_id=payment.provider_payment_id,
        amount_minor=amount_minor,
        reason=reason,
    )
    if command is None:
        raise WrongState("A refund of this payment is in progress.", code="refund_under_way")
    new = {"amount_minor": amount_minor or left, "currency": payment.currency}
    audit_write("payment.refund", payment, new=new, reason=reason)
