"""Mails about one's data and one's leaving, written when they are sent (`kushfilms.core.mail`)."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import DataExport, User
from kushfilms.core.jobs import Payload
from kushfilms.core.mail import Mail, mail_kind, mail_speaks

PRIVACY_PAGE = "/account/privacy"


@mail_kind("export_ready")
def export_ready(payload: Payload) -> Mail | None:
    export = DataExport.objects.select_related("user").filter(pk=payload["export"]).first()
    if export is None or not export.expires_at or export.expires_at <= timezone.now():
        return None
    mail_speaks(export.user.language)
    return Mail(
        to=export.user.email,
        locale=export.user.language,
        subject=_("Your copy of your data is ready"),
        paragraphs=(
            _("You asked for everything we hold on you. It is ready to be downloaded."),
            _("For your safety the file is behind your sign-in, and gone in seven days."),
        ),
        link=f"{settings.FRONTEND_URL}{PRIVACY_PAGE}",
        link_label=_("Download my data"),
    )


@mail_kind("deletion_requested")
def deletion_requested(payload: Payload) -> Mail | None:
    user = User.objects.filter(pk=payload["user"], erased_at=None).first()
    if user is None or user.deletes_at is None:
        return None
    mail_speaks(user.language)
    day = date_format(timezone.localtime(user.deletes_at), "j F Y")
    return Mail(
        to=user.email,
        locale=user.language,
        subject=_("Your account will be erased"),
        paragraphs=(
            _("On %(day)s we erase your account and what we hold on you.") % {"day": day},
            _("Did you change your mind, or was it not you? Sign in before then and keep it."),
        ),
        link=f"{settings.FRONTEND_URL}{PRIVACY_PAGE}",
        link_label=_("Keep my account"),
    )
