"""E-mail through the job ledger: enqueued in a transaction, written and sent by a worker.

A row names the kind of mail and the person; the text, and any secret link in it, is made at the
moment of sending. So no link is stored in a queue, no outdated mail is sent, and an hour without a
mail server only delays mail.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kushfilms.core.jobs import Payload, Running, job_enqueue, job_kind, jobs_enqueue
from kushfilms.core.mail_limits import mail_postponed


@dataclass(frozen=True, kw_only=True)
class Mail:
    """An e-mail: paragraphs of plain text, and a button that opens `link`, an absolute URL."""

    to: str
    subject: str
    paragraphs: tuple[str, ...]
    link: str = ""
    link_label: str = ""
    locale: str = "en"
    # URL of one-click unsubscription (RFC 8058); only for mail that is not about the account.
    unsubscribe_url: str = ""
    # The sender of this mail has its own limit, so it is not counted against the mailbox.
    has_own_limit: bool = False


KAMPALA = ZoneInfo(settings.DISPLAY_TIME_ZONE)
Writer = Callable[[Payload], Mail | None]
_writers: dict[str, Writer] = {}


def mail_kind(name: str) -> Callable[[Writer], Writer]:
    """Register the writer of a kind of mail; it returns None if the mail is no longer due."""

    def register(writer: Writer) -> Writer:
        _writers[name] = writer
        return writer

    return register


def mail_enqueue(name: str, payload: Payload, *, key: str = "") -> None:
    """Send a mail after the transaction commits. Raises LookupError for an unknown name."""
    if name not in _writers:
        raise LookupError(name)
    job_enqueue("mail", {**payload, "mail": name}, key=f"{name}:{key}" if key else "")


def mails_enqueue(name: str, payloads: Sequence[Payload]) -> None:
    """Send one kind of mail for each of many payloads. Raises LookupError."""
    if name not in _writers:
        raise LookupError(name)
    jobs_enqueue("mail", [{**payload, "mail": name} for payload in payloads])


@job_kind("mail")
def send(job: Running) -> None:
    # A writer sets its reader's language (`mail_language_set`); the next mail begins in English.
    with translation.override(settings.LANGUAGE_CODE), timezone.override(KAMPALA):
        mail = _writers[job.payload["mail"]](job.payload)
        if mail is None:
            return
        counted = not mail.has_own_limit
        now = timezone.now()
        if not mail_postponed(job, to=mail.to, counted=counted, now=now):
            message(mail).send()


def mail_language_set(locale: str) -> None:
    """Activate the language of the mail being written, for its texts and dates."""
    translation.activate(locale)


def mail_greeting(name: str) -> str:
    return _("Hello %(name)s,") % {"name": name} if name else _("Hello,")


def message(mail: Mail) -> EmailMultiAlternatives:
    """Return the mail as plain text and HTML, with the headers of its kind."""
    context = {"mail": mail, "site_url": settings.FRONTEND_URL}
    with translation.override(mail.locale):
        text = render_to_string("mail/mail.txt", context)
        html = render_to_string("mail/mail.html", context)
    headers = {}
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email = EmailMultiAlternatives(mail.subject, text, to=[mail.to], headers=headers)
    email.attach_alternative(html, "text/html")
    return email
