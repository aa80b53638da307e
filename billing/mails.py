"""The letters about money, written when they are sent: who has paid meanwhile gets no reminder."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import User
from billing.models import Notice, Payment, Plan, Subscription, SubscriptionStatus
from billing.standing import RUNNING, paid_until
from kushfilms.core.jobs import Payload
from kushfilms.core.mail import Mail, mail_kind

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
            return words(notice.user, notice.user.subscription, notice)

        return words

    return register


def _mail(
    user: User, subject: str, *paragraphs: str, path: str = BILLING, label: str = "Open billing"
) -> Mail:
    hello = f"Hello {user.name}," if user.name else "Hello,"
    link = path if path.startswith("http") else f"{settings.FRONTEND_URL}{path}"
    return Mail(
        to=user.email,
        locale=user.locale,
        subject=subject,
        paragraphs=(hello, *paragraphs),
        link=link,
        link_label=label,
    )


def _day(moment: datetime | None) -> str:
    there = moment.astimezone(ZoneInfo(settings.DISPLAY_TIME_ZONE)) if moment else None
    return f"{there:%-d %B %Y}" if there else "soon"


def _plan(row: Subscription) -> str:
    return Plan(row.plan).label


@_letter("welcome")
def welcome(user: User, row: Subscription, notice: Notice) -> Mail | None:
    return _mail(
        user,
        f"Karibu to {_plan(row)}",
        f"Your {_plan(row)} plan is open: no ads, and more films on every screen of yours.",
        "You can change or cancel it whenever you like, in your account under billing.",
        path="/",
        label="Start watching",
    )


@_letter("receipt")
def receipt(user: User, row: Subscription, notice: Notice) -> Mail | None:
    payment = Payment.objects.filter(user=user, provider_payment_id=notice.about).first()
    if payment is None:
        return None
    return _mail(
        user,
        f"Your receipt: {payment.currency} {payment.amount}",
        f"Thank you. We received {payment.currency} {payment.amount} on {_day(payment.paid_at)} "
        "for Kush Films.",
        "All your receipts are kept in your account under billing.",
        path=payment.receipt_url or BILLING,
        label="See the receipt",
    )


@_letter("renewal_ahead")
def renewal_ahead(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status not in RUNNING or row.cancel_at_period_end:
        return None
    return _mail(
        user,
        f"Your plan renews on {_day(row.current_period_end)}",
        f"Your {_plan(row)} plan goes on for another month on {_day(row.current_period_end)}. "
        "If you want to go on watching there is nothing to do.",
        "If not, cancel before that day and nothing will be charged.",
        label="See or change my plan",
    )


@_letter("payment_failed")
def payment_failed(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if row.status != SubscriptionStatus.PAST_DUE:
        return None
    return _mail(
        user,
        "Your payment did not go through",
        f"We could not collect the payment for your {_plan(row)} plan: the bank said no, or the "
        f"card has run out. Your films stay open until {_day(paid_until(row))}.",
        "Pay the open bill with the same or another card, and everything goes on as before.",
        path=row.pay_url or BILLING,
        label="Pay the open bill",
    )


@_letter("cancellation")
def cancellation(user: User, row: Subscription, notice: Notice) -> Mail | None:
    return _mail(
        user,
        "Your plan is canceled",
        f"You will not be charged again. Your {_plan(row)} films stay open until "
        f"{_day(row.current_period_end)}.",
        "Should you change your mind before then, one click takes it up again.",
        label="Keep my plan",
    )


@_letter("final_day")
def final_day(user: User, row: Subscription, notice: Notice) -> Mail | None:
    if not row.cancel_at_period_end:
        return None
    return _mail(
        user,
        f"Your {_plan(row)} plan ends on {_day(row.current_period_end)}",
        "From then on free films, your list and where you stopped stay yours. Nothing will be "
        "charged.",
        "If you would rather stay, take your plan up again before it ends.",
        label="Keep my plan",
    )
