"""Mails about data exports and account deletion."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import DataExport, User
from kushfilms.core.jobs import Payload
from kushfilms.core.mail import Mail, mail_kind, mail_language_set

PRIVACY_PAGE = "/account/privacy"


@mail_kind("export_ready")
def export_ready(payload: Payload) -> Mail | None:
    export = DataExport.objects.select_related("user").filter(pk=payload["export"]).first()
    if export is None or not export.expires_at or export.expires_at <= timezone.now():
        return None
    mail_language_set(export.user.language)
    return Mail(
        to=export.user.email,
        locale=export.user.language,
        subject=_("Your data is ready to download"),
        paragraphs=(
            _("The copy of your data you asked for is ready."),
            _("Sign in to download it within seven days."),
        ),
        link=f"{settings.FRONTEND_URL}{PRIVACY_PAGE}",
        link_label=_("Download my data"),
    )


@mail_kind("deletion_requested")
def deletion_requested(payload: Payload) -> Mail | None:
    user = User.objects.filter(pk=payload["user"], erased_at=None).first()
    if user is None or user.deletes_at is None:
        return None
    mail_language_set(user.language)
    day = date_format(timezone.localtime(user.deletes_at), "j F Y")
    return Mail(
        to=user.email,
        locale=user.language,
        subject=_("Your account will be deleted"),
        paragraphs=(
            _("We will delete your account and your data on %(day)s.") % {"day": day},
            _("Changed your mind, or wasn't this you? Sign in before then to keep your account."),
        ),
        link=f"{settings.FRONTEND_URL}{PRIVACY_PAGE}",
        link_label=_("Keep my account"),
    )
