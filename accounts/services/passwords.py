"""Passwords: forgotten, reset and changed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.auth.principal import principals_forget
from accounts.models import TokenPurpose, User
from accounts.services.email_changes import email_change_cancel
from accounts.services.lock_out import own_password_check
from accounts.services.one_time_tokens import token_spend, token_user, tokens_spend_all
from accounts.services.password_hashing import password_hash
from accounts.services.people import email_normalise, password_check_strength, user_lock
from accounts.services.sessions import user_sessions_revoke
from kushfilms.core.errors import InvalidInput
from kushfilms.core.mail import mail_enqueue
from kushfilms.core.rate_limits import rate_limit
from kushfilms.core.rate_windows import digest, rate_of, window_count


def forgot_limit(email: str, *, network: str) -> None:
    """Count a request for a new password. Raises RateLimited.

    Per network and account, so that one client cannot use up the limit of another; and over all
    accounts of a network far above what a town needs, as each request is a job and perhaps a mail.
    """
    account = digest(email_normalise(email[:254]))
    rate_limit("forgot", by=f"{network}:{account}")
    rate_limit("forgot_network", by=network)


def password_forgotten(email: str, *, now: datetime) -> None:
    """Send a link for a new password to this address, if it has an account.

    The mail's writer looks the account up: here known and unknown addresses take the same steps
    and the same time. An account gets at most three links an hour, from all clients; each of them
    works, so requests by others do no harm.
    """
    address = email_normalise(email)
    limit, window = rate_of("forgot_mails")
    account = digest(address)
    if window_count(f"forgot_mails:{account}", seconds=window, now=now.timestamp()) <= limit:
        mail_enqueue("reset_password", {"email": address}, key=account)


def password_reset(raw: str, *, password: str, now: datetime) -> User:
    """Set a new password with a link from a mail; also confirms the mailbox.

    Ends all sign-ins.

    Raises:
        TokenInvalid: not a valid link.
        InvalidInput: the password is too weak; the link stays valid.
    """
    user = token_user(raw, purpose=TokenPurpose.RESET_PASSWORD, now=now)
    password_check_strength(password, user)
    hashed = password_hash(password)  # slow on purpose, so before anything is locked
    with transaction.atomic():
        user = token_spend(raw, purpose=TokenPurpose.RESET_PASSWORD, now=now)
        user.email_verified = True
        tokens_spend_all(user, purpose=TokenPurpose.VERIFY_EMAIL, now=now)
        _set(user, hashed, now=now, keep=None)
    return user


def password_change(
    user: User, *, current: str, new: str, keep: UUID | None, now: datetime
) -> User:
    """Change a password that the person knows; ends all sign-ins but the session to `keep`.

    Raises:
        InvalidInput: not their password, or the new one is too weak.
        RateLimited: too many wrong passwords.
    """
    if not own_password_check(user, current, now=now):
        fault = "This is not your current password."
        raise InvalidInput("Check the marked fields.", fields={"currentPassword": [fault]})
    try:
        password_check_strength(new, user)
    except InvalidInput as exc:
        faults = exc.extras["fields"]["password"]
        raise InvalidInput(exc.message, fields={"newPassword": faults}) from exc
    old = user.password
    hashed = password_hash(new)
    with transaction.atomic():
        user = user_lock(user.pk)
        if user.password != old:  # changed or reset during the hashing: that change wins
            fault = "Your password was changed just now. Enter the new one."
            raise InvalidInput("Check the marked fields.", fields={"currentPassword": [fault]})
        _set(user, hashed, now=now, keep=keep)
    return user


def _set(user: User, hashed: str, *, now: datetime, keep: UUID | None) -> None:
    # A pending change of address, perhaps a thief's, must not outlive the old password.
    email_change_cancel(user, now=now)
    user.password = hashed
    user.save(update_fields=["password", "email_verified", "updated_at"])
    principals_forget(user=user)
    tokens_spend_all(user, purpose=TokenPurpose.RESET_PASSWORD, now=now)
    user_sessions_revoke(user, reason="password_changed", keep=keep)
    mail_enqueue("password_changed", {"userId": str(user.pk)})
