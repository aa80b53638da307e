"""E-mail addresses of people: registration and confirmation."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.auth.principal import principals_forget
from accounts.models import TokenPurpose, User
from accounts.services.consents import legal_texts_agree
from accounts.services.email_changes import email_change_confirm, email_change_send
from accounts.services.mailbox_changes import verification_send
from accounts.services.one_time_tokens import token_purpose, token_spend, tokens_spend_all
from accounts.services.people import user_create, user_lock
from kushfilms.core.errors import WrongState
from kushfilms.core.names import own_name_clean


@transaction.atomic
def user_register(*, email: str, password: str, name: str, locale: str = "") -> User:
    """Create an account for a visitor. Raises the errors of `user_create`."""
    name = own_name_clean(name)
    user = user_create(email=email, password=password, name=name, locale=locale, validate=True)
    legal_texts_agree(user.pk)
    verification_send(user)
    return user


@transaction.atomic
def email_verification_resend(user_id: UUID) -> None:
    """Send the confirmation link again, to the new address if one is pending.

    Raises WrongState (`already_verified`).
    """
    user = user_lock(user_id)
    if user.pending_email:
        email_change_send(user)
        return
    if user.email_verified:
        raise WrongState("Your e-mail is already confirmed.", code="already_verified")
    verification_send(user)


def email_verify(raw: str, *, now: datetime) -> User:
    """Confirm the address that a link was sent to.

    Raises:
        TokenInvalid: not a valid link.
        WrongState: `email_taken`, if the account was to move to this address.
    """
    if token_purpose(raw) == TokenPurpose.CHANGE_EMAIL:
        return email_change_confirm(raw, now=now)
    return _verified(raw, now=now)


@transaction.atomic
def _verified(raw: str, *, now: datetime) -> User:
    user = token_spend(raw, purpose=TokenPurpose.VERIFY_EMAIL, now=now)
    tokens_spend_all(user, purpose=TokenPurpose.VERIFY_EMAIL, now=now)
    user.email_verified = True
    user.save(update_fields=["email_verified", "updated_at"])
    principals_forget(user=user)
    return user
