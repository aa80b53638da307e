"""Moving an account to another mailbox.

The new address counts once a link sent there is opened: a slip of the pen gives nobody else the
account. The old mailbox is told at once and once more when the move is done, each time with a link
that takes it back for seven days. Until those are over its address is kept for it.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.events import EmailChanged
from accounts.models import Session, TokenPurpose, User
from accounts.principal import principals_forget
from accounts.services.address_moves import address_moved
from accounts.services.lock_out import own_password_check
from accounts.services.one_time_tokens import (
    token_address,
    token_mint,
    token_spend,
    tokens_spend_all,
)
from accounts.services.people import (
    address_must_be_free,
    email_normalise,
    email_taken,
    user_full_clean,
)
from accounts.services.sessions import sessions_revoke
from kushfilms.core.errors import InvalidInput
from kushfilms.core.events import emit
from kushfilms.core.mail import mail_enqueue
from kushfilms.core.waits import too_often
from kushfilms.core.windows import rate_of, window_count, window_rest


def email_change(user: User, *, email: str, password: str, now: datetime) -> None:
    """Begin a move to another mailbox; the present address again gives a waiting move up.

    `user` is locked by the caller's transaction.

    Raises:
        InvalidInput: not the person's password, or not an address.
        WrongState: `email_taken`.
        RateLimited: not their password, or another address, too often.
    """
    wanted = email_normalise(email)
    if wanted == user.email:
        email_change_cancel(user, now=now)
        return
    if not own_password_check(user, password, now=now):
        fault = "Enter your password to change your e-mail address."
        raise InvalidInput("Check the marked fields.", fields={"password": [fault]})
    _check_address(user, wanted)
    address_must_be_free(wanted, besides=user, now=now)
    _count(user, now=now)
    tokens_spend_all(user, purpose=TokenPurpose.CHANGE_EMAIL, now=now)
    user.pending_email = wanted
    user.save(update_fields=["pending_email", "updated_at"])
    email_change_send(user)
    told = {"userId": str(user.pk), "oldEmail": user.email, "since": now.timestamp()}
    mail_enqueue("email_change_begun", told)


def _check_address(user: User, wanted: str) -> None:
    """Raises InvalidInput."""
    present, user.email = user.email, wanted
    try:
        user_full_clean(user)
    finally:
        user.email = present


def _count(user: User, *, now: datetime) -> None:
    """Raises RateLimited: each change writes to an address that is not the person's yet."""
    limit, seconds = rate_of("email_change")
    moment = now.timestamp()
    if window_count(f"email_change:{user.pk}", seconds=seconds, now=moment) > limit:
        raise too_often(window_rest(seconds, now=moment))


def email_change_send(user: User) -> None:
    """Send the link to the new address; it is made when it is sent."""
    mail_enqueue("change_email", {"userId": str(user.pk)}, key=str(user.pk))


def email_change_cancel(user: User, *, now: datetime) -> None:
    """Give a move up that waits for its confirmation; a no-op without one. `user` is locked."""
    if user.pending_email:
        user.pending_email = ""
        user.save(update_fields=["pending_email", "updated_at"])
        tokens_spend_all(user, purpose=TokenPurpose.CHANGE_EMAIL, now=now)


@transaction.atomic
def email_change_confirm(raw: str, *, now: datetime) -> User:
    """The bearer of this link reads the new mailbox: the account is there from now on.

    Raises:
        TokenInvalid: not a link that counts.
        WrongState: `email_taken` since it was asked for.
    """
    user = token_spend(raw, purpose=TokenPurpose.CHANGE_EMAIL, now=now)
    old = user.email
    address_must_be_free(user.pending_email, besides=user, now=now)
    _move(user, user.pending_email)
    address_moved(user, old=old, undo=True, now=now)
    return user


@transaction.atomic
def email_change_undo(raw: str, *, now: datetime) -> str:
    """Give the account back to its old mailbox. Return the secret of a link to a new password.

    Sign-ins begun since the move was asked for end, and no other link of the account works.

    Raises:
        TokenInvalid: not a link that counts.
    """
    address, since = token_address(raw, purpose=TokenPurpose.UNDO_EMAIL)
    user = token_spend(raw, purpose=TokenPurpose.UNDO_EMAIL, now=now)
    moved = user.email != address
    _move(user, address)
    for purpose in TokenPurpose:
        tokens_spend_all(user, purpose=purpose, now=now)
    begun = Session.objects.live().filter(user=user, created_at__gte=since)
    sessions_revoke(list(begun.values_list("pk", flat=True)), reason="email_change_undone")
    if moved:
        emit(EmailChanged(user_id=user.pk, email=user.email))
    return token_mint(user, purpose=TokenPurpose.RESET_PASSWORD, now=now)


def _move(user: User, address: str) -> None:
    """Raises WrongState (`email_taken`), which the checks before leave to two at one moment."""
    user.email, user.email_verified, user.pending_email = address, True, ""
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_verified", "pending_email", "updated_at"])
    except IntegrityError as exc:
        raise email_taken() from exc
    principals_forget(user=user)
