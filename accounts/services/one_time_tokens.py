"""One-time tokens, the secrets of links in mails: single use, expiring, stored as hashes.

A token is valid while its person still has the address it was sent to and may use the service. It
is spent by compare-and-swap on its own row, with the person's row locked first: that lock also
orders it against a ban, an erasure or a change of address.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import OneTimeToken, TokenPurpose, User
from kushfilms.core.errors import KushError

RANDOM_BYTES = 32
LIFETIMES = {
    TokenPurpose.VERIFY_EMAIL: timedelta(days=3),
    TokenPurpose.RESET_PASSWORD: timedelta(hours=1),
    TokenPurpose.CHANGE_EMAIL: timedelta(days=3),
    TokenPurpose.UNDO_EMAIL: timedelta(days=7),
}


class TokenInvalid(KushError):
    """The token is unknown, expired, used, or void by a later change of the account."""

    title = "Invalid Token"
    code = "token_invalid"

    def __init__(self) -> None:
        super().__init__("This link no longer works. Ask for a new one.")


def token_mint(user: User, *, purpose: TokenPurpose, now: datetime, email: str = "") -> str:
    """Create a token and return its secret, which cannot be read again.

    `email` is the address that the link is sent to, by default the person's current one.
    """
    raw = secrets.token_urlsafe(RANDOM_BYTES)
    OneTimeToken.objects.create(
        user=user,
        purpose=purpose,
        token_hash=_hash(raw),
        email=email or user.email,
        created_at=now,
        expires_at=now + LIFETIMES[purpose],
    )
    return raw


def token_user(raw: str, *, purpose: TokenPurpose, now: datetime) -> User:
    """Return the person of a token without spending it. Raises TokenInvalid."""
    token = _find(raw, purpose=purpose)
    if token.used_at is not None or token.expires_at <= now or not _holds(token, token.user):
        raise TokenInvalid
    return token.user


def token_spend(raw: str, *, purpose: TokenPurpose, now: datetime) -> User:
    """Spend a token and return its person, locked by the transaction. Raises TokenInvalid."""
    token = _find(raw, purpose=purpose)
    user = User.objects.select_for_update().filter(pk=token.user_id).first()
    if user is None or not _holds(token, user) or not _swap(token, now=now):
        raise TokenInvalid
    return user


def tokens_spend_all(user: User, *, purpose: TokenPurpose, now: datetime) -> None:
    """Make all of a person's links of this purpose void."""
    OneTimeToken.objects.filter(user=user, purpose=purpose, used_at=None).update(used_at=now)


def undo_links_spend(user: User, *, since: datetime, now: datetime) -> None:
    """Make the links void that undo changes of address begun at `since` or later."""
    links = OneTimeToken.objects.filter(user=user, purpose=TokenPurpose.UNDO_EMAIL, used_at=None)
    links.filter(created_at__gte=since).update(used_at=now)


def undone_since(user: User, *, since: datetime) -> bool:
    """Return whether the change of address begun at `since` was undone.

    The link of an earlier change undoes it as well.
    """
    spent = OneTimeToken.objects.filter(user=user, purpose=TokenPurpose.UNDO_EMAIL)
    return spent.filter(created_at__lte=since, used_at__gte=since).exists()


def token_proved_before(raw: str) -> bool:
    """Return whether this link has confirmed the person's current address, for a second click."""
    found = OneTimeToken.objects.select_related("user").filter(token_hash=_hash(raw))
    proving = [TokenPurpose.VERIFY_EMAIL, TokenPurpose.CHANGE_EMAIL]
    token = found.filter(purpose__in=proving).exclude(used_at=None).first()
    if token is None or not token.user.is_active or token.user.erased_at:
        return False
    return token.email == token.user.email and token.user.email_verified


def token_purpose(raw: str) -> TokenPurpose | None:
    """Return the purpose of a link, valid or not."""
    token = OneTimeToken.objects.filter(token_hash=_hash(raw)).only("purpose").first()
    return TokenPurpose(token.purpose) if token else None


def token_address(raw: str, *, purpose: TokenPurpose) -> tuple[str, datetime]:
    """Return the address of a token and the time it was issued. Raises TokenInvalid."""
    token = _find(raw, purpose=purpose)
    return token.email, token.created_at


def address_kept(email: str, *, besides: User | None, now: datetime) -> bool:
    """Return whether another person may still undo their change away from this address."""
    kept = OneTimeToken.objects.filter(purpose=TokenPurpose.UNDO_EMAIL, used_at=None, email=email)
    if besides is not None:
        kept = kept.exclude(user=besides)
    return kept.filter(expires_at__gt=now).exists()


def _find(raw: str, *, purpose: TokenPurpose) -> OneTimeToken:
    found = OneTimeToken.objects.select_related("user").filter(token_hash=_hash(raw))
    token = found.filter(purpose=purpose).first()
    if token is None:
        raise TokenInvalid
    return token


def _holds(token: OneTimeToken, user: User) -> bool:
    """Return whether the address of the token still has the same role for the account."""
    meant = {TokenPurpose.CHANGE_EMAIL: user.pending_email, TokenPurpose.UNDO_EMAIL: token.email}
    address = meant.get(TokenPurpose(token.purpose), user.email)
    return token.email == address and user.is_active and user.erased_at is None


def _swap(token: OneTimeToken, *, now: datetime) -> bool:
    """Mark a token as used; return whether this call did it, for one of two at most.

    The condition is on this table alone: one on a joined table would become a subquery, which
    PostgreSQL does not evaluate again after waiting for another transaction.
    """
    with transaction.atomic():
        unused = OneTimeToken.objects.filter(pk=token.pk, used_at=None, expires_at__gt=now)
        return bool(unused.update(used_at=now))


def _hash(raw: str) -> str:
    # Input may hold any character, lone surrogates too.
    return hashlib.sha256(raw.encode("utf-8", "backslashreplace")).hexdigest()
