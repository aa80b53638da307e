"""What follows when an account moves to another mailbox, whoever moved it."""

from datetime import datetime

from accounts.events import EmailChanged
from accounts.models import TokenPurpose, User
from accounts.services.one_time_tokens import tokens_spend_all
from kushfilms.core.events import emit
from kushfilms.core.mail import mail_enqueue


def verification_send(user: User) -> None:
    """Its link is made when it is sent, so of several that wait one is enough."""
    mail_enqueue("verify_email", {"userId": str(user.pk)}, key=str(user.pk))


def address_moved(user: User, *, old: str, undo: bool, now: datetime) -> None:
    """Tell the old mailbox and higher apps. All other links to the old mailbox are worth nothing.

    `undo`: with a link that takes the move back. Staff move an account away from a mailbox that is
    in the wrong hands, so a move of theirs has none.
    """
    for purpose in set(TokenPurpose) - {TokenPurpose.UNDO_EMAIL}:
        tokens_spend_all(user, purpose=purpose, now=now)
    if not user.email_verified:
        verification_send(user)
    told = {"userId": str(user.pk), "oldEmail": old, "since": now.timestamp()}
    mail_enqueue("email_changed", {**told, "undo": undo})
    emit(EmailChanged(user_id=user.pk, email=user.email))
