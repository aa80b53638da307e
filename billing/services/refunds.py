"""Money back, asked for by staff and done by the provider."""

from datetime import timedelta

from django.db import transaction

from accounts.services.audit import audit_write
from billing.models import OrderKind, Payment, PaymentPurpose, PaymentStatus, Subscription
from billing.plan_access import LIVE
from billing.providers import provider_named
from billing.services.commands import order_place
from kushfilms.core.currencies import AmountError, money_typed
from kushfilms.core.errors import InvalidInput, WrongState

REFUNDABLE = (PaymentStatus.SUCCEEDED, PaymentStatus.PARTIALLY_REFUNDED)


def refund_amount(payment: Payment, text: str) -> int:
    """Return the minor units of an amount as staff type it; without one, all that is left.

    Raises InvalidInput: no amount, more than is left, or one the provider cannot move.
    """
    if not text.strip():
        return payment.left_minor
    try:
        amount = money_typed(text, payment.currency)
        provider_named(payment.provider).units(amount, payment.currency)
    except AmountError as exc:
        fault = "Write an amount such as 5,000 or 2.50, in the currency of the payment."
        raise InvalidInput("Check the amount.", fields={"amount": [fault]}) from exc
    if not 0 < amount <= payment.left_minor:
        fault = "Refund more than nothing, and at most what is left."
        raise InvalidInput("Check the amount.", fields={"amount": [fault]})
    return amount


def refund_ends(payment: Payment, *, amount_minor: int) -> str:
    """Return which plan a refund of this amount changes, as a sentence for staff."""
    row = Subscription.objects.filter(user=payment.user, status__in=LIVE).first()
    is_of_it = row is not None and row.provider_subscription_id == payment.provider_subscription_id
    if row is None or not is_of_it or amount_minor < payment.left_minor:
        return "No plan changes."
    start = row.current_period_start
    if start is not None and payment.paid_at < start - timedelta(days=1):
        return "No plan changes: the payment is for a month that is over."
    if payment.purpose == PaymentPurpose.UPGRADE:
        return f"{row.get_plan_display()} goes back to the plan before the upgrade, at once."
    return f"{row.get_plan_display()} ends at once, and the person is not billed again."


@transaction.atomic
def payment_refund(payment: Payment, *, amount_minor: int | None, reason: str) -> None:
    """Refund a part, or all that is left. All of it ends what this payment paid for.

    Raises:
        InvalidInput: no reason, or more than is left.
        WrongState: nothing to refund; `disputed` while a bank decides or has taken the money;
            asked already.
    """
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    left = payment.left_minor
    if payment.status not in REFUNDABLE or not left:
        raise WrongState("There is nothing to refund of this payment.")
    if payment.disputed:
        said = "A bank decides on this payment or has taken it back: a refund would pay it twice."
        raise WrongState(said, code="disputed")
    if not reason.strip():
        raise InvalidInput("Say why the money goes back.", fields={"reason": ["Say why."]})
    if amount_minor is not None and not 0 < amount_minor <= left:
        raise InvalidInput("Refund more than nothing, and at most what is left.")
    order = order_place(
        OrderKind.REFUND,
        user=payment.user,
        object_id=payment.provider_payment_id,
        amount_minor=amount_minor,
        reason=reason,
    )
    if order is None:
        raise WrongState("A refund of this payment is under way.", code="refund_under_way")
    new = {"amount_minor": amount_minor or left, "currency": payment.currency}
    audit_write("payment.refund", payment, new=new, reason=reason)
