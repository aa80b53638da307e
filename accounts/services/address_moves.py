"""What follows when an account moves to another mailbox, whoever moved it."""

from datetime import datetime

from accounts.models import TokenPurpose, User
from accounts.services.one_time_tokens import tokens_spend_all
from kushfilms.core.mail import mail_enqueue


def verification_send(user: User) -> None:
    """Its link is made when it is sent, so of several that wait one is enough."""
    mail_enqueue("verify_email", {"userId": str(user.pk)}, key=str(user.pk))


def address_moved(user: User, *, old: str, now: datetime) -> None:
    """Links to the old mailbox are worth nothing, also after moving back; its owner is told."""
    for purpose in TokenPurpose:
        tokens_spend_all(user, purpose=purpose, now=now)
    if not user.email_verified:
        verification_send(user)
    mail_enqueue("email_changed", {"userId": str(user.pk), "oldEmail": old})
