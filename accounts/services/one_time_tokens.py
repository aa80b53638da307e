"""Secret links in mails: single use, expiring, and only their hash is kept.

A token counts while its person still has the address it was sent to and may use the service. It
is spent by compare-and-swap on its own row alone, with the person's row locked first: what locks
a person also orders this against their ban, their erasure and a change of their address.
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
    """Unknown, expired, used, or overtaken by what happened to the account since."""

    title = "Invalid Token"
    code = "token_invalid"

    def __init__(self) -> None:
        super().__init__("This link no longer works. Ask for a new one.")


def token_mint(user: User, *, purpose: TokenPurpose, now: datetime, email: str = "") -> str:
    """Return the secret of a link; it cannot be read again.

    `email` is the address that the link is sent to, unless that is the person's present one.
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
    """Whose token this is, without spending it. Raises TokenInvalid."""
    token = _find(raw, purpose=purpose)
    if token.used_at is not None or token.expires_at <= now or not _holds(token, token.user):
        raise TokenInvalid
    return token.user


def token_spend(raw: str, *, purpose: TokenPurpose, now: datetime) -> User:
    """Its person, locked until the caller's transaction ends. Raises TokenInvalid."""
    token = _find(raw, purpose=purpose)
    user = User.objects.select_for_update().filter(pk=token.user_id).first()
    if user is None or not _holds(token, user) or not _swap(token, now=now):
        raise TokenInvalid
    return user


def tokens_spend_all(user: User, *, purpose: TokenPurpose, now: datetime) -> None:
    """No link of this purpose that the person has opens anything any more."""
    OneTimeToken.objects.filter(user=user, purpose=purpose, used_at=None).update(used_at=now)


def undo_links_spend(user: User, *, since: datetime, now: datetime) -> None:
    """No link takes back a move that was begun at `since` or later."""
    links = OneTimeToken.objects.filter(user=user, purpose=TokenPurpose.UNDO_EMAIL, used_at=None)
    links.filter(created_at__gte=since).update(used_at=now)


def undone_since(user: User, *, since: datetime) -> bool:
    """Return whether a move that was begun at `since` has been taken back: with its own link, or
    with that of an earlier one."""
    spent = OneTimeToken.objects.filter(user=user, purpose=TokenPurpose.UNDO_EMAIL)
    return spent.filter(created_at__lte=since, used_at__gte=since).exists()


def token_proved_before(raw: str) -> bool:
    """Has this link confirmed the address its person still has? For who presses twice."""
    found = OneTimeToken.objects.select_related("user").filter(token_hash=_hash(raw))
    proving = [TokenPurpose.VERIFY_EMAIL, TokenPurpose.CHANGE_EMAIL]
    token = found.filter(purpose__in=proving).exclude(used_at=None).first()
    if token is None or not token.user.is_active or token.user.erased_at:
        return False
    return token.email == token.user.email and token.user.email_verified


def token_purpose(raw: str) -> TokenPurpose | None:
    """Return what a link is for, whether or not it still counts."""
    token = OneTimeToken.objects.filter(token_hash=_hash(raw)).only("purpose").first()
    return TokenPurpose(token.purpose) if token else None


def token_address(raw: str, *, purpose: TokenPurpose) -> tuple[str, datetime]:
    """Return the address that a link is about, and when it was issued. Raises TokenInvalid."""
    token = _find(raw, purpose=purpose)
    return token.email, token.created_at


def address_kept(email: str, *, besides: User | None, now: datetime) -> bool:
    """Return whether another person may still take back their move away from this address."""
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
    """Return whether the address it was sent to still means to the account what it meant then."""
    meant = {TokenPurpose.CHANGE_EMAIL: user.pending_email, TokenPurpose.UNDO_EMAIL: token.email}
    address = meant.get(TokenPurpose(token.purpose), user.email)
    return token.email == address and user.is_active and user.erased_at is None


def _swap(token: OneTimeToken, *, now: datetime) -> bool:
    """Of two who spend one token only one changes the row.

    On this table alone: a condition on a joined one would become a subquery, which PostgreSQL
    does not ask again when it has waited for somebody else's change.
    """
    with transaction.atomic():
        unused = OneTimeToken.objects.filter(pk=token.pk, used_at=None, expires_at__gt=now)
        return bool(unused.update(used_at=now))


def _hash(raw: str) -> str:
    # What people send may hold anything, lone surrogates too.
    return hashlib.sha256(raw.encode("utf-8", "backslashreplace")).hexdigest()
