"""The letters about money, written when they are sent: who has paid meanwhile gets no reminder."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from billing.models import Notice, Payment, Plan, Subscription, SubscriptionStatus
from billing.standing import RUNNING, paid_until
from kushfilms.core.jobs import Payload
from kushfilms.core.mail import Mail, mail_hello, mail_kind, mail_speaks

BILLING = "/account/billing"
Words = Callable[[User, Subscription, Notice], Mail | None]


def _letter(name: str) -> Callable[[Words], Words]:
    """Decorator: this function writes the mail of a notice, for who is still there to read it."""

    def register(words: Words) -> Words:
        @mail_kind(f"billing_{name}")
        def write(payload: Payload) -> Mail | None:
            rows = Notice.objects.select_related("user__subscription")
            notice = rows.filter(pk=payload["notice"], user__erased_at=None).first()
            if notice is None or notice.user.is_banned:
                return None
            mail_speaks(notice.user.language)
            return words(notice.user, notice.user.subscription, notice)

        return words

    return register


def _mail(user: User, subject: str, *paragraphs: str, path: str = BILLING, label: str) -> Mail:
    link = path if path.startswith("http") else f"{settings.FRONTEND_URL}{path}"
    return Mail(
        to=user.email,
        locale=user.language,
        subject=subject,
        paragraphs=(mail_hello(user.mailed_name), *paragraphs),
        link=link,
        link_label=label,
    )


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y") if moment else _("soon")


def _plan(row: Subscription) -> str:
    return Plan(row.plan).label


@_letter("welcome")
def welcome(user: User, row: Subscription, notice: Notice) -> Mail | None:
    return _mail(
        user,
        _("Karibu to %(plan)s") % {"plan": _plan(row)},
        _("Your %(plan)s plan is open: no ads, and more films on every screen of yours.")
        % {"plan": _plan(row)},
        _("You can change or cancel it whenever you like, in your account under billing."),
        path="/",
        label=_("Start watching"),
    )


@_letter("receipt")
def receipt(user: User, row: Subscription, notice: Notice) -> Mail | None:
    payment = Payment.objects.filter(user=user, provider_payment_id=notice.about).first()
    if payment is None:
        return None
    return _mail(
        user,
        _("Your receipt: %(currency)s %(amount)s")
        % {"currency": payment.currency, "amount": payment.amount},
        _("Thank you. We received %(currency)s %(amount)s on %(day)s for Kush Films.")
        % {"currency": payment.currency, "amount": payment.amount, "day": _day(payment.paid_at)},
        _("All your receipts are kept in your account under billing."),
        path=payment.receipt_url or BILLING,
        label=_("See the receipt"),
    )


@_letter("renewal_ahead")
def renewal_ahead(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status not in RUNNING or row.cancel_at_period_end:
        return None
    return _mail(
        user,
        _("Your plan renews on %(day)s") % {"day": _day(row.current_period_end)},
        _(
            "Your %(plan)s plan goes on for another month on %(day)s. "
            "If you want to go on watching there is nothing to do."
        )
        % {"plan": _plan(row), "day": _day(row.current_period_end)},
        _("If not, cancel before that day and nothing will be charged."),
        label=_("See or change my plan"),
    )


@_letter("payment_failed")
def payment_failed(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status != SubscriptionStatus.PAST_DUE:
        return None
    return _mail(
        user,
        _("Your payment did not go through"),
        _(
            "We could not collect the payment for your %(plan)s plan: the bank said no, or the "
            "card has run out. Your films stay open until %(day)s."
        )
        % {"plan": _plan(row), "day": _day(paid_until(row))},
        _("Pay the open bill with the same or another card, and everything goes on as before."),
        path=row.pay_url or BILLING,
        label=_("Pay the open bill"),
    )


@_letter("cancellation")
def cancellation(user: User, row: Subscription, notice: Notice) -> Mail | None:
    return _mail(
        user,
        _("Your plan is canceled"),
        _("You will not be charged again. Your %(plan)s films stay open until %(day)s.")
        % {"plan": _plan(row), "day": _day(row.current_period_end)},
        _("Should you change your mind before then, one click takes it up again."),
        label=_("Keep my plan"),
    )


@_letter("final_day")
def final_day(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if not row.cancel_at_period_end:
        return None
    return _mail(
        user,
        _("Your %(plan)s plan ends on %(day)s")
        % {"plan": _plan(row), "day": _day(row.current_period_end)},
        _(
            "From then on free films, your list and where you stopped stay yours. Nothing will be "
            "charged."
        ),
        _("If you would rather stay, take your plan up again before it ends."),
        label=_("Keep my plan"),
    )
