"""Messages about a plan: a notification and an e-mail, each sent once."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from accounts.models import NotificationType, User
from accounts.services.notifications import notification_create
from billing.models import Notice
from kushfilms.core.mail import mail_enqueue

ENDED = NotificationType.SUBSCRIPTION_CANCELED
# Notification of each kind: type, title, message. The page translates it; `billing.mails` writes
# the e-mails.
NOTIFICATIONS: dict[str, tuple[NotificationType, str, str]] = {
    "welcome": (
        NotificationType.SYSTEM,
        _("Your plan is active"),
        _("Karibu! Your films are waiting. You can see and change your plan under Billing."),
    ),
    "renewal_ahead": (
        NotificationType.SUBSCRIPTION_RENEWAL,
        _("Your plan renews soon"),
        _("You don't need to do anything to keep watching. Change or cancel it under Billing."),
    ),
    "payment_failed": (
        NotificationType.PAYMENT_FAILED,
        _("Your payment failed"),
        _("Your films stay open for a few days. Pay the open bill under Billing to keep them."),
    ),
    "cancellation": (
        ENDED,
        _("Your plan is canceled"),
        _("You will not be charged again. You can keep watching until the end of the paid period."),
    ),
    "kept": (
        NotificationType.SYSTEM,
        _("Your plan continues"),
        _("It renews as before. See the date and the amount under Billing."),
    ),
    "lowered": (
        NotificationType.SYSTEM,
        _("Your plan changes at its next renewal"),
        _("Until then you keep the plan you paid for. See the date under Billing."),
    ),
    "upgraded": (
        NotificationType.SYSTEM,
        _("Your new plan is active"),
        _("We received your payment. Every film of your new plan is open now."),
    ),
    "upgrade_waiting": (
        NotificationType.PAYMENT_FAILED,
        _("Your change of plan is waiting for payment"),
        _("Nothing has changed yet. Confirm or pay the difference under Billing."),
    ),
    "change_failed": (
        NotificationType.PAYMENT_FAILED,
        _("Your plan was not changed"),
        _("The payment for the change failed, so you keep the plan you had."),
    ),
    "final_day": (
        ENDED,
        _("Your plan ends today"),
        _("You can still watch free films. To keep your plan, go to Billing today."),
    ),
    "ended_now": (
        ENDED,
        _("Your plan has ended"),
        _("You canceled it. The open bill is canceled, and you will not be charged."),
    ),
    "ended_unpaid": (
        ENDED,
        _("Your plan has ended"),
        _("We could not collect the payment. The open bill is canceled; free films stay open."),
    ),
    "ended": (
        ENDED,
        _("Your plan has ended"),
        _("You will not be charged again. Free films stay open. Contact us if you have questions."),
    ),
    "refunded": (
        NotificationType.SYSTEM,
        _("We refunded a payment"),
        _("The money is on its way to you. See the amount under Billing."),
    ),
    "refund_failed": (
        NotificationType.PAYMENT_FAILED,
        _("Your refund did not arrive"),
        _("Your bank returned the money to us. We are looking into it and will e-mail you."),
    ),
}


def notify_once(user: User, kind: str, *, about: str, quiet: bool = False) -> bool:
    """Send a message once for each value of `about`; return whether it is new.

    `quiet` only records the message as sent.
    """
    try:
        with transaction.atomic():
            notice = Notice.objects.create(user=user, kind=kind, about=about[:120])
    except IntegrityError:
        return False
    if quiet or user.erased_at or user.is_banned:
        return True
    if kind in NOTIFICATIONS:
        notification_type, title, message = NOTIFICATIONS[kind]
        notification_create(
            user,
            title=title,
            message=message,
            kind=notification_type,
            action_url="/account/billing",
            mail=False,
        )
    mail_enqueue(f"billing_{kind}", {"notice": str(notice.pk)})
    return True
