"""Letters of the catalogue."""

from catalog.models import TakedownNotice
from kushfilms.core.jobs import Payload
from kushfilms.core.mail import Mail, mail_kind

SUBJECTS = {
    "received": "We have your copyright claim",
    "accepted": "Your copyright claim is accepted",
    "rejected": "Your copyright claim is rejected",
    "reversed": "Your copyright claim has been reversed",
}
PARAGRAPHS = {
    "received": "We have received your claim that “{title}” is your work. A person will read it, "
    "usually within two working days, and you will hear from us either way.",
    "accepted": "“{title}” is off our site from now on, for those who were watching it, too. Who "
    "uploaded it may send us a counter-notice; you would hear from us first.",
    "rejected": "We have read your claim about “{title}”, and the film stays where it is.",
    "reversed": "We have a counter-notice about “{title}”, and have put back what your claim "
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
        "Hello,",  # no words of the claimant: the address may be a stranger's
        PARAGRAPHS[news].format(title=notice.movie_title),
        *([f"What we noted: {note}"] if note else []),
        f"Your claim's number is {notice.pk}. Name it when you answer this mail.",
    ]
    return Mail(to=notice.claimant_email, subject=SUBJECTS[news], paragraphs=tuple(paragraphs))
