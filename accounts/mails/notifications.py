"""Mails about notifications."""

from django.utils.translation import gettext as _

from accounts.mails.unsubscribe import unsubscribe_url
from accounts.models import Notification, NotificationType
from accounts.notification_texts import notification_texts_read, notification_texts_refresh
from accounts.services.notifications import MAIL, user_wants_mail
from kushfilms.core.jobs import Payload
from kushfilms.core.links import absolute_url
from kushfilms.core.mail import Mail, mail_greeting, mail_kind, mail_language_set


@mail_kind(MAIL)
def notification_mail(payload: Payload) -> Mail | None:
    """Write a notification's mail; None if it or its subject is gone, or the mail unwanted."""
    rows = Notification.objects.select_related("user")
    notification = rows.filter(pk=payload["notification"]).first()
    if notification is None or not user_wants_mail(notification.user, kind=notification.type):
        return None
    text = notification_texts_read([notification]).get(notification.pk)
    if text and text.gone:
        return None
    notification_texts_refresh([notification])
    user = notification.user
    mail_language_set(user.language)
    return Mail(
        to=user.email,
        subject=" ".join(_(notification.title).split()),  # a header has one line
        paragraphs=(mail_greeting(user.mailed_name), _(notification.message)),
        link=absolute_url(notification.action_url),
        link_label=_("Open Kush Films"),
        locale=user.language,
        unsubscribe_url=unsubscribe_url(user.pk, NotificationType(notification.type)),
    )
