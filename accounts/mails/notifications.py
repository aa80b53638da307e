"""Mails about what is new in a person's list."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.mails.unsubscribe import unsubscribe_url
from accounts.models import Notification, NotificationType
from accounts.notification_texts import words_read, words_refresh
from accounts.services.notifications import MAIL, user_wants_mail
from kushfilms.core.jobs import Payload
from kushfilms.core.mail import Mail, mail_hello, mail_kind, mail_speaks


@mail_kind(MAIL)
def notification_mail(payload: Payload) -> Mail | None:
    """None where it, or what it is about, is gone, or where it is no longer wanted by mail."""
    rows = Notification.objects.select_related("user")
    notification = rows.filter(pk=payload["notification"]).first()
    if notification is None or not user_wants_mail(notification.user, kind=notification.type):
        return None
    words = words_read([notification]).get(notification.pk)
    if words and words.gone:
        return None
    words_refresh([notification])
    user = notification.user
    mail_speaks(user.language)
    return Mail(
        to=user.email,
        subject=" ".join(_(notification.title).split()),  # a header has one line
        paragraphs=(mail_hello(user.mailed_name), _(notification.message)),
        link=_absolute(notification.action_url),
        link_label=_("Open Kush Films"),
        locale=user.language,
        unsubscribe_url=unsubscribe_url(user.pk, NotificationType(notification.type)),
    )


def _absolute(action_url: str) -> str:
    return f"{settings.FRONTEND_URL}{action_url}" if action_url.startswith("/") else action_url
