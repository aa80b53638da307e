"""A person's address: proving it is theirs, and changing it."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.events import EmailChanged
from accounts.models import TokenPurpose, User
from accounts.principal import principals_forget
from accounts.services.address_moves import address_moved, verification_send
from accounts.services.consents import legal_texts_agree
from accounts.services.lock_out import own_password_check
from accounts.services.one_time_tokens import token_spend, tokens_spend_all
from accounts.services.people import email_normalise, user_create, user_full_clean, user_lock
from kushfilms.core.errors import InvalidInput, WrongState
from kushfilms.core.events import emit
from kushfilms.core.names import own_name_clean


@transaction.atomic
def user_register(*, email: str, password: str, name: str, locale: str = "") -> User:
    """Make a person who comes by themselves. Raises what `user_create` raises."""
    name = own_name_clean(name)
    user = user_create(email=email, password=password, name=name, locale=locale, validate=True)
    legal_texts_agree(user.pk)
    verification_send(user)
    return user


@transaction.atomic
def email_verification_resend(user_id: UUID) -> None:
    """Once more, for who lost it. Raises WrongState (`already_verified`)."""
    user = user_lock(user_id)
    if user.email_verified:
        raise WrongState("Your e-mail address is confirmed already.", code="already_verified")
    verification_send(user)


@transaction.atomic
def email_verify(raw: str, *, now: datetime) -> User:
    """The bearer of this link reads the mailbox. Raises TokenInvalid."""
    user = token_spend(raw, purpose=TokenPurpose.VERIFY_EMAIL, now=now)
    tokens_spend_all(user, purpose=TokenPurpose.VERIFY_EMAIL, now=now)
    user.email_verified = True
    user.save(update_fields=["email_verified", "updated_at"])
    principals_forget(user=user)
    return user


def email_change(user: User, *, email: str, password: str, now: datetime) -> None:
    """Move the account to another mailbox, which has to be confirmed anew.

    The old one is told, in case it was not them. `user` is locked by the caller's transaction.

    Raises:
        InvalidInput: not the person's password, or not an address.
        WrongState: `email_taken`.
        RateLimited: not their password too often.
    """
    old, user.email = user.email, email_normalise(email)
    if user.email == old:
        return
    if not own_password_check(user, password, now=now):
        fault = "Enter your password to change your e-mail address."
        raise InvalidInput("Check the marked fields.", fields={"password": [fault]})
    user.email_verified = False
    _save_email(user)
    principals_forget(user=user)
    emit(EmailChanged(user_id=user.pk))
    address_moved(user, old=old, now=now)


def _save_email(user: User) -> None:
    user_full_clean(user)
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_verified", "updated_at"])
    except IntegrityError as exc:
        raise WrongState("Another account has this e-mail.", code="email_taken") from exc
