"""Mails about a payment: its receipt, its failure, its refund."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from billing.mails.frame import BILLING, day_of, letter, mail_of, plan_name
from billing.models import (
    LedgerEntry,
    LedgerKind,
    Notice,
    Order,
    OrderKind,
    Payment,
    Subscription,
    SubscriptionStatus,
)
from billing.plan_access import LIVE, paid_until
from billing.sync.projection.states import RefundCause
from kushfilms.core.mail import Mail


@letter("receipt")
def receipt(user: User, row: Subscription, notice: Notice) -> Mail | None:
    payment = Payment.objects.filter(user=user, provider_payment_id=notice.about).first()
    if payment is None:
        return None
    words = {"amount": payment.amount_text, "day": day_of(payment.paid_at)}
    return mail_of(
        user,
        _("Your receipt: %(amount)s") % words,
        _("Thank you. We received %(amount)s on %(day)s for Kush Films.") % words,
        _("All your receipts are kept in your account under billing."),
        path=payment.receipt_url or BILLING,
        label=_("See the receipt"),
    )


@letter("payment_failed")
def payment_failed(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status != SubscriptionStatus.PAST_DUE:
        return None
    until, words = paid_until(row), {"plan": plan_name(row), "day": day_of(paid_until(row))}
    if until is not None and until > timezone.now():
        films = _("Your %(plan)s films stay open until %(day)s.") % words
    else:
        films = _("Your films are closed until it is paid.")
    return mail_of(
        user,
        _("Your payment did not go through"),
        _(
            "We could not collect the payment for your %(plan)s plan: the bank said no, or the "
            "card has run out."
        )
        % words,
        films,
        _("Pay the open bill with the same or another card, and everything goes on as before."),
        path=row.pay_url or BILLING,
        label=_("Pay the open bill"),
    )


@letter("refunded")
def refunded(user: User, row: Subscription, notice: Notice) -> Mail | None:
    entry = _entry(user, notice, LedgerKind.REFUND)
    if entry is None:
        return None
    words = {
        "amount": _amount(entry),
        "day": day_of(entry.payment.paid_at),
        "plan": plan_name(row),
    }
    if row.status in LIVE:
        plan = _("Your %(plan)s plan goes on.") % words
    else:
        plan = _("Your paid plan has ended, and nothing more is charged.")
    return mail_of(
        user,
        _("We refunded %(amount)s") % words,
        _why(entry) % words,
        _("The money is on its way; banks take up to ten working days."),
        plan,
        label=_("See my payments"),
    )


def _why(entry: LedgerEntry) -> str:
    orders = Order.objects.filter(
        kind=OrderKind.REFUND, object_id=entry.payment.provider_payment_id
    )
    reasons = set(orders.values_list("reason", flat=True))
    if RefundCause.DOUBLE.label in reasons:
        return _("You were charged twice. We refunded the second payment, %(amount)s of %(day)s.")
    if RefundCause.LATE.label in reasons:
        return _("Your payment of %(day)s was for a plan that had ended. We refunded %(amount)s.")
    return _("We refunded %(amount)s of your payment of %(day)s.")


@letter("refund_failed")
def refund_failed(user: User, row: Subscription, notice: Notice) -> Mail | None:
    entry = _entry(user, notice, LedgerKind.REFUND_FAILED)
    if entry is None:
        return None
    words = {"amount": _amount(entry), "day": day_of(entry.payment.paid_at)}
    return mail_of(
        user,
        _("Your refund of %(amount)s did not arrive") % words,
        _("Your bank sent the refund of your payment of %(day)s back to us.") % words,
        _("We will find another way and write to you. You can also write to %(address)s.")
        % {"address": settings.CONTACT_EMAIL},
        label=_("See my payments"),
    )


def _entry(user: User, notice: Notice, kind: LedgerKind) -> LedgerEntry | None:
    rows = LedgerEntry.objects.filter(payment__user=user, kind=kind)
    return rows.filter(provider_object_id=notice.about).select_related("payment").first()


def _amount(entry: LedgerEntry) -> str:
    return entry.amount_text.replace("-", "")
