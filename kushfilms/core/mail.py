"""Mail, through the job ledger: asked for in a transaction, written and sent by a worker.

A row names the mail and whom it is about; the text, and any secret link in it, is made at the
moment of sending. So no link lies in a queue, nobody gets what no longer holds, and an hour
without a mail server only makes mail late.
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
    """One letter: paragraphs of plain text, and a button that opens `link`, an absolute URL."""

    to: str
    subject: str
    paragraphs: tuple[str, ...]
    link: str = ""
    link_label: str = ""
    locale: str = "en"
    # Where one click ends this sort of mail (RFC 8058); only for mail one can do without.
    unsubscribe_url: str = ""
    # What asks for it allows few of them, so it does not count among those to one mailbox.
    has_own_limit: bool = False


KAMPALA = ZoneInfo(settings.DISPLAY_TIME_ZONE)
Writer = Callable[[Payload], Mail | None]
_writers: dict[str, Writer] = {}


def mail_kind(name: str) -> Callable[[Writer], Writer]:
    """Decorator: this function writes mails of this name, or None when it is no longer wanted."""

    def register(writer: Writer) -> Writer:
        _writers[name] = writer
        return writer

    return register


def mail_enqueue(name: str, payload: Payload, *, key: str = "") -> None:
    """Send this mail once the transaction is committed. Raises LookupError for an unknown name."""
    if name not in _writers:
        raise LookupError(name)
    job_enqueue("mail", {**payload, "mail": name}, key=f"{name}:{key}" if key else "")


def mails_enqueue(name: str, payloads: Sequence[Payload]) -> None:
    """The same mail to many, each with a payload of their own. Raises LookupError."""
    if name not in _writers:
        raise LookupError(name)
    jobs_enqueue("mail", [{**payload, "mail": name} for payload in payloads])


@job_kind("mail")
def send(job: Running) -> None:
    # Each is written in its reader's language (`mail_speaks`), and the next begins in ours.
    with translation.override(settings.LANGUAGE_CODE), timezone.override(KAMPALA):
        mail = _writers[job.payload["mail"]](job.payload)
        if mail is None:
            return
        counted, now = not mail.has_own_limit, timezone.now()
        if not mail_postponed(job, to=mail.to, counted=counted, now=now):
            message(mail).send()


def mail_speaks(locale: str) -> None:
    """For a writer: from here on to the mail's end, texts and dates are in this language."""
    translation.activate(locale)


def mail_hello(name: str) -> str:
    return _("Hello %(name)s,") % {"name": name} if name else _("Hello,")


def message(mail: Mail) -> EmailMultiAlternatives:
    """The letter as plain text and as HTML, with the headers of its sort."""
    context = {"mail": mail, "site_url": settings.FRONTEND_URL}
    with translation.override(mail.locale):
        text = render_to_string("mail/mail.txt", context)
        html = render_to_string("mail/mail.html", context)
    headers = {}
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter = EmailMultiAlternatives(mail.subject, text, to=[mail.to], headers=headers)
    letter.attach_alternative(html, "text/html")
    return letter
