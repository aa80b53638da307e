"""Telling people about their plan: in their list and by mail, each thing once."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from accounts.models import NotificationType, User
from accounts.services.notifications import notification_create
from billing.models import Notice
from kushfilms.core.mail import mail_enqueue

# What stands in the list: type, title, message. The page translates it; the mails
# are written in `billing.mails`.
SAID: dict[str, tuple[NotificationType, str, str]] = {
    "welcome": (
        NotificationType.SYSTEM,
        _("Your plan is open"),
        _("Karibu! Your films are waiting. You can see and change your plan under billing."),
    ),
    "renewal_ahead": (
        NotificationType.SUBSCRIPTION_RENEWAL,
        _("Your plan renews soon"),
        _("Nothing to do if you want to go on watching. Change or cancel it under billing."),
    ),
    "payment_failed": (
        NotificationType.PAYMENT_FAILED,
        _("Your payment did not go through"),
        _("Your films stay open for some days. Pay the open bill under billing to keep them."),
    ),
    "cancellation": (
        NotificationType.SUBSCRIPTION_CANCELED,
        _("Your plan is canceled"),
        _("You will not be charged again, and you can watch to the end of what you paid for."),
    ),
    "final_day": (
        NotificationType.SUBSCRIPTION_CANCELED,
        _("Your plan ends today"),
        _("Free films stay yours. Take your plan up again under billing whenever you like."),
    ),
}


def tell(user: User, kind: str, *, about: str, quiet: bool = False) -> bool:
    """Once for each thing it is `about`; `quiet` only notes that it was told. Whether it is new."""
    try:
        with transaction.atomic():
            notice = Notice.objects.create(user=user, kind=kind, about=about[:120])
    except IntegrityError:
        return False
    if quiet or user.erased_at or user.is_banned:
        return True
    if kind in SAID:
        sort, title, message = SAID[kind]
        notification_create(
            user, title=title, message=message, kind=sort, action_url="/account/billing", mail=False
        )
    mail_enqueue(f"billing_{kind}", {"notice": str(notice.pk)})
    return True
