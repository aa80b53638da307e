"""E-mails about a payment: receipt, failure, refund."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from billing.mails.frame import BILLING, day_of, mail_for_notice, mail_of, plan_name
from billing.models import (
    CommandKind,
    LedgerEntry,
    LedgerKind,
    Notice,
    Payment,
    ProviderCommand,
    Subscription,
    SubscriptionStatus,
)
from billing.plan_access import LIVE, paid_until
from billing.sync.projection.states import RefundCause
from kushfilms.core.mail import Mail


@mail_for_notice("receipt")
def receipt(user: User, row: Subscription, notice: Notice) -> Mail | None:
    payment = Payment.objects.filter(user=user, provider_payment_id=notice.about).first()
    if payment is None:
        return None
    values = {"amount": payment.amount_text, "day": day_of(payment.paid_at)}
    return mail_of(
        user,
        _("Your receipt: %(amount)s") % values,
        _("Thank you. We received %(amount)s on %(day)s for Kush Films.") % values,
        _("You can find all your receipts in your account, under Billing."),
        path=payment.receipt_url or BILLING,
        label=_("See the receipt"),
    )


@mail_for_notice("payment_failed")
def payment_failed(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status != SubscriptionStatus.PAST_DUE:
        return None
    until = paid_until(row)
    values = {"plan": plan_name(row), "day": day_of(paid_until(row))}
    if until is not None and until > timezone.now():
        films = _("Your %(plan)s films stay open until %(day)s.") % values
    else:
        films = _("Your films are closed until the bill is paid.")
    return mail_of(
        user,
        _("Your payment failed"),
        _(
            "We could not collect the payment for your %(plan)s plan. Your bank declined it, or "
            "your card has expired."
        )
        % values,
        films,
        _("Pay the open bill with this or another card to keep your plan."),
        path=row.pay_url or BILLING,
        label=_("Pay the open bill"),
    )


@mail_for_notice("refunded")
def refunded(user: User, row: Subscription, notice: Notice) -> Mail | None:
    entry = _entry(user, notice, LedgerKind.REFUND)
    if entry is None:
        return None
    values = {
        "amount": _amount(entry),
        "day": day_of(entry.payment.paid_at),
        "plan": plan_name(row),
    }
    commands = ProviderCommand.objects.filter(
        kind=CommandKind.REFUND, object_id=entry.payment.provider_payment_id
    )
    reasons = set(commands.values_list("reason", flat=True))
    if RefundCause.DOUBLE.label in reasons:
        cause = _("You were charged twice. We refunded the second payment, %(amount)s on %(day)s.")
    elif RefundCause.LATE.label in reasons:
        cause = _("Your payment on %(day)s was for a plan that had ended. We refunded %(amount)s.")
    else:
        cause = _("We refunded %(amount)s of your payment on %(day)s.")
    if row.status in LIVE:
        plan = _("Your %(plan)s plan continues.") % values
    else:
        plan = _("Your paid plan has ended. You will not be charged again.")
    return mail_of(
        user,
        _("We refunded %(amount)s") % values,
        cause % values,
        _("Your bank may take up to ten working days to show it."),
        plan,
        label=_("See my payments"),
    )


@mail_for_notice("refund_failed")
def refund_failed(user: User, row: Subscription, notice: Notice) -> Mail | None:
    entry = _entry(user, notice, LedgerKind.REFUND_FAILED)
    if entry is None:
        return None
    values = {"amount": _amount(entry), "day": day_of(entry.payment.paid_at)}
    return mail_of(
        user,
        _("Your refund of %(amount)s did not arrive") % values,
        _("Your bank returned the refund of your payment on %(day)s to us.") % values,
        _("We will find another way and write to you. You can also write to %(address)s.")
        % {"address": settings.CONTACT_EMAIL},
        label=_("See my payments"),
    )


def _entry(user: User, notice: Notice, kind: LedgerKind) -> LedgerEntry | None:
    rows = LedgerEntry.objects.filter(payment__user=user, kind=kind)
    return rows.filter(provider_object_id=notice.about).select_related("payment").first()


def _amount(entry: LedgerEntry) -> str:
    return entry.amount_text.replace("-", "")
