"""Consequences of a changed e-mail address, whether changed by the person or by staff."""

from datetime import datetime

from accounts.events import EmailChanged
from accounts.models import TokenPurpose, User
from accounts.services.one_time_tokens import tokens_spend_all
from kushfilms.core.events import emit
from kushfilms.core.mail import mail_enqueue


def verification_send(user: User) -> None:
    """Send a confirmation link, made at the moment of sending; one waiting mail is enough."""
    mail_enqueue("verify_email", {"userId": str(user.pk)}, key=str(user.pk))


def address_moved(user: User, *, old: str, undo: bool, now: datetime) -> None:
    """Notify the old mailbox and higher apps; make all other links to the old mailbox void.

    `undo`: the mail has a link that undoes the change. Staff change the address of a mailbox that
    is in the wrong hands, so their changes have none.
    """
    for purpose in set(TokenPurpose) - {TokenPurpose.UNDO_EMAIL}:
        tokens_spend_all(user, purpose=purpose, now=now)
    if not user.email_verified:
        verification_send(user)
    payload = {"userId": str(user.pk), "oldEmail": old, "since": now.timestamp()}
    mail_enqueue("email_changed", {**payload, "undo": undo})
    emit(EmailChanged(user_id=user.pk, email=user.email))
