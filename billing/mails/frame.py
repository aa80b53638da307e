"""Frame shared by all e-mails about money."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from billing.models import Notice, Plan, Subscription
from kushfilms.core.jobs import Payload
from kushfilms.core.mail import Mail, mail_greeting, mail_kind, mail_language_set

BILLING = "/account/billing"
PLANS = "/subscribe"
NoticeWriter = Callable[[User, Subscription, Notice], Mail | None]


def mail_for_notice(name: str) -> Callable[[NoticeWriter], NoticeWriter]:
    """Register a function that writes the e-mail of a notice.

    It is not called for an erased or banned person.
    """

    def register(writer: NoticeWriter) -> NoticeWriter:
        @mail_kind(f"billing_{name}")
        def write(payload: Payload) -> Mail | None:
            rows = Notice.objects.select_related("user__subscription")
            notice = rows.filter(pk=payload["notice"], user__erased_at=None).first()
            if notice is None or notice.user.is_banned:
                return None
            mail_language_set(notice.user.language)
            return writer(notice.user, notice.user.subscription, notice)

        return writer

    return register


def mail_of(user: User, subject: str, *paragraphs: str, path: str = BILLING, label: str) -> Mail:
    link = path if path.startswith("http") else f"{settings.FRONTEND_URL}{path}"
    return Mail(
        to=user.email,
        locale=user.language,
        subject=subject,
        paragraphs=(mail_greeting(user.mailed_name), *paragraphs),
        link=link,
        link_label=label,
    )


def day_of(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y") if moment else _("soon")


def plan_name(row: Subscription) -> str:
    return Plan(row.plan).label
