"""Money back, asked for by staff and done by the provider."""

from django.db import transaction

from accounts.services.audit import audit_write
from billing.models import OrderKind, Payment, PaymentStatus
from billing.services.ordering import order_place
from kushfilms.core.errors import InvalidInput, WrongState

REFUNDABLE = (PaymentStatus.SUCCEEDED, PaymentStatus.PARTIALLY_REFUNDED)


@transaction.atomic
def payment_refund(payment: Payment, *, amount_minor: int | None, reason: str) -> None:
    """Give back a part, or all that is left. All of it ends the plan it paid for.

    Raises:
        InvalidInput: no reason, or more than is left.
        WrongState: nothing to give back, or the bank is deciding (`disputed`), or asked already.
    """
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    left = payment.amount_minor - payment.refunded_minor
    if payment.status not in REFUNDABLE or not left:
        raise WrongState("There is nothing to give back of this payment.")
    if payment.disputed:
        said = "The bank decides on this payment: whatever is given back now is paid twice."
        raise WrongState(said, code="disputed")
    if not reason.strip():
        raise InvalidInput("Say why the money goes back.")
    if amount_minor is not None and not 0 < amount_minor <= left:
        raise InvalidInput("Give back at least something, and at most what is left.")
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
