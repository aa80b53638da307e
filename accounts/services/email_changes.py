"""Changes of an account's e-mail address.

The new address applies once a link sent there is opened, so a mistyped address does not give the
account away. The old mailbox gets a mail at the request and another at the change, each with a
link that undoes it for seven days. Until then no other account can take the old address.

An old mailbox that was never confirmed gets no such link: its address may have been mistyped at
registration, belong to a stranger, and be corrected by this change.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from accounts.auth.principal import principals_forget
from accounts.events import EmailChanged
from accounts.models import TokenPurpose, User
from accounts.services.erasure import deletion_withdraw
from accounts.services.lock_out import own_password_check
from accounts.services.mailbox_changes import address_moved
from accounts.services.one_time_tokens import (
    token_address,
    token_mint,
    token_spend,
    tokens_spend_all,
    undo_links_spend,
)
from accounts.services.people import (
    address_must_be_free,
    email_normalise,
    email_taken,
    user_full_clean,
)
from accounts.services.sessions import user_sessions_revoke
from kushfilms.core.errors import InvalidInput
from kushfilms.core.events import emit
from kushfilms.core.mail import mail_enqueue
from kushfilms.core.rate_windows import rate_of, window_count, window_rest
from kushfilms.core.wait_texts import too_often


def email_change(user: User, *, email: str, password: str, now: datetime) -> None:
    """Begin a change of address; the current address cancels a pending change.

    `user` is locked by the caller's transaction.

    Raises:
        InvalidInput: not the person's password, or not a valid address.
        WrongState: `email_taken`.
        RateLimited: too many wrong passwords, or too many new addresses.
    """
    new_email = email_normalise(email)
    current = user.email
    if new_email == current:
        email_change_cancel(user, now=now)
        return
    if not own_password_check(user, password, now=now):
        fault = "Enter your password to change your e-mail."
        raise InvalidInput("Check the marked fields.", fields={"password": [fault]})
    user.email = new_email  # only to check that the address fits its column
    try:
        user_full_clean(user)
    finally:
        user.email = current
    # Each change sends mail to an unconfirmed address. It is counted before the response reveals
    # whether the address has an account.
    limit, seconds = rate_of("email_change")
    moment = now.timestamp()
    if window_count(f"email_change:{user.pk}", seconds=seconds, now=moment) > limit:
        raise too_often(window_rest(seconds, now=moment))
    address_must_be_free(new_email, besides=user, now=now)
    tokens_spend_all(user, purpose=TokenPurpose.CHANGE_EMAIL, now=now)
    user.pending_email = new_email
    user.save(update_fields=["pending_email", "updated_at"])
    email_change_send(user)
    if user.email_verified:
        payload = {"userId": str(user.pk), "oldEmail": current, "since": moment}
        mail_enqueue("email_change_begun", payload)


def email_change_send(user: User) -> None:
    """Send a link to the new address; the link is made at the moment of sending."""
    mail_enqueue("change_email", {"userId": str(user.pk)}, key=str(user.pk))


def email_change_cancel(user: User, *, now: datetime) -> None:
    """Cancel a pending change, if there is one. `user` is locked by the caller."""
    if user.pending_email:
        user.pending_email = ""
        user.save(update_fields=["pending_email", "updated_at"])
        tokens_spend_all(user, purpose=TokenPurpose.CHANGE_EMAIL, now=now)


@transaction.atomic
def email_change_confirm(raw: str, *, now: datetime) -> User:
    """Complete the change of address that a link was sent for.

    Raises:
        TokenInvalid: not a valid link.
        WrongState: `email_taken` since the request.
    """
    user = token_spend(raw, purpose=TokenPurpose.CHANGE_EMAIL, now=now)
    old = user.email
    was_confirmed = user.email_verified
    address_must_be_free(user.pending_email, besides=user, now=now)
    _move(user, user.pending_email)
    address_moved(user, old=old, undo=was_confirmed, now=now)
    return user


@transaction.atomic
def email_change_undo(raw: str, *, now: datetime) -> str:
    """Restore the account's old address; return the secret of a link to set a new password.

    The change needed the password, so the password is void and all sign-ins end. All other links
    of the account are void, except those that undo an earlier change: a thief with two mailboxes
    could change the address twice and undo the second change. A deletion requested since is
    withdrawn.

    Raises:
        TokenInvalid: not a valid link.
    """
    address, since = token_address(raw, purpose=TokenPurpose.UNDO_EMAIL)
    user = token_spend(raw, purpose=TokenPurpose.UNDO_EMAIL, now=now)
    moved = user.email != address
    _move(user, address)
    for purpose in set(TokenPurpose) - {TokenPurpose.UNDO_EMAIL}:
        tokens_spend_all(user, purpose=purpose, now=now)
    undo_links_spend(user, since=since, now=now)
    user.password = make_password(None)
    user.save(update_fields=["password", "updated_at"])
    user_sessions_revoke(user, reason="email_change_undone")
    if user.deletes_at is not None and user.deletes_at >= since + settings.ACCOUNT_DELETION_GRACE:
        deletion_withdraw(user)
    if moved:
        emit(EmailChanged(user_id=user.pk, email=user.email))
    return token_mint(user, purpose=TokenPurpose.RESET_PASSWORD, now=now)


def _move(user: User, address: str) -> None:
    """Set the address. Raises WrongState (`email_taken`) if two accounts take it at once."""
    user.email = address
    user.email_verified = True
    user.pending_email = ""
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_verified", "pending_email", "updated_at"])
    except IntegrityError as exc:
        raise email_taken() from exc
    principals_forget(user=user)
