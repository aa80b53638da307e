"""Mails of the catalogue."""

from catalog.models import TakedownNotice
from kushfilms.core.jobs import Payload
from kushfilms.core.mail import Mail, mail_kind

SUBJECTS = {
    "received": "We received your copyright claim",
    "accepted": "Your copyright claim was accepted",
    "rejected": "Your copyright claim was rejected",
    "reversed": "Your copyright claim was reversed",
}
PARAGRAPHS = {
    "received": "We have received your claim that “{title}” is your work. Our staff will review "
    "it, usually within two working days, and we will e-mail you the decision.",
    "accepted": "We have taken “{title}” off Kush Films, and stopped it for everyone watching. The "
    "uploader may send a counter-notice; we would contact you before acting on it.",
    "rejected": "We have reviewed your claim about “{title}”. The film stays on Kush Films.",
    "reversed": "We have accepted a counter-notice about “{title}” and restored what your claim "
    "changed.",
}


@mail_kind("takedown")
def takedown_mail(payload: Payload) -> Mail | None:
    notice = TakedownNotice.objects.filter(pk=payload["notice"]).first()
    if notice is None:
        return None
    news = payload["news"]
    note = {"reversed": notice.reversal_note}.get(news, notice.decision_note)
    paragraphs = [
        "Hello,",  # not the claimant's words: the address may belong to someone else
        PARAGRAPHS[news].format(title=notice.movie_title),
        *([f"Our note: {note}"] if note else []),
        f"Your claim number is {notice.pk}. Please quote it when you reply.",
    ]
    return Mail(to=notice.claimant_email, subject=SUBJECTS[news], paragraphs=tuple(paragraphs))
