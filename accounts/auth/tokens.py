"""Access and refresh tokens (JWT). Each kind has its own secret.

An access token is valid for 15 minutes and only while its session is live; a refresh token is
valid once. Claims: userId, email, role, subscription, sid, iat, exp, jti (SPEC, section 3).
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenError
from rest_framework_simplejwt.tokens import Token

from accounts.auth.principal import held_plan
from accounts.models import Session
from kushfilms.core.errors import NotSignedIn

# Tolerance for clocks that differ between nodes. An access token's expiry is exact (`read_access`).
CLOCKS_APART_SECONDS = 30


@dataclass(frozen=True)
class TokenPair:
    access: str
    refresh: str


@dataclass(frozen=True)
class AccessClaims:
    session_id: UUID
    user_id: UUID
    expires: int  # seconds since 1970


@dataclass(frozen=True)
class RefreshClaims:
    session_id: UUID
    jti: UUID


@lru_cache(maxsize=2)
def _backend(secret: str) -> TokenBackend:
    """Return the backend of a secret; cached, as it prepares its key once."""
    return TokenBackend("HS256", secret, leeway=CLOCKS_APART_SECONDS)


class AccessToken(Token):
    token_type = "access"  # noqa: S105  a kind, not a secret
    lifetime = settings.ACCESS_TOKEN_LIFETIME

    def get_token_backend(self) -> TokenBackend:
        return _backend(settings.JWT_ACCESS_SECRET)


class RefreshToken(Token):
    token_type = "refresh"  # noqa: S105  a kind, not a secret
    lifetime = settings.REFRESH_TOKEN_LIFETIME

    def get_token_backend(self) -> TokenBackend:
        return _backend(settings.JWT_REFRESH_SECRET)


def pair_for(
    session: Session, *, now: datetime, jti: UUID | None = None, issued_at: int | None = None
) -> TokenPair:
    """Return an access token issued now, and a refresh token.

    The refresh token is the session's current one, or that of `jti` as issued in the second
    `issued_at`: equal values make an equal token.
    """
    user = session.user
    access = AccessToken()
    refresh = RefreshToken()
    refresh_at = now if issued_at is None else datetime.fromtimestamp(issued_at, tz=UTC)
    for token, moment in ((access, now), (refresh, refresh_at)):
        token.set_iat(at_time=moment)
        token.set_exp(from_time=moment, lifetime=token.lifetime)
        token["sid"] = str(session.pk)
        token["userId"] = str(user.pk)
    access["email"] = user.email
    access["role"] = user.role
    access["subscription"] = held_plan(user.pk).plan
    refresh["jti"] = str(jti or session.refresh_jti)
    return TokenPair(access=str(access), refresh=str(refresh))


def read_access(raw: str) -> AccessClaims:
    """Return the claims of a valid access token. Raises NotSignedIn."""
    claims = _read_access(raw, settings.JWT_ACCESS_SECRET)
    if claims.expires <= time.time():
        raise NotSignedIn("Sign in again.", code="token_invalid")
    return claims


@lru_cache(maxsize=4096)
def _read_access(raw: str, _secret: str) -> AccessClaims:
    """Return the claims without checking the expiry; cached for the token's many requests."""
    token = _decode(AccessToken, raw)
    return AccessClaims(
        session_id=_uuid(token, "sid"), user_id=_uuid(token, "userId"), expires=token["exp"]
    )


def read_refresh(raw: str) -> RefreshClaims:
    """Return the claims of a valid refresh token. Raises NotSignedIn."""
    token = _decode(RefreshToken, raw)
    return RefreshClaims(session_id=_uuid(token, "sid"), jti=_uuid(token, "jti"))


def _decode(kind: type[Token], raw: str) -> Token:
    try:
        return kind(raw)  # type: ignore[arg-type]  # the stubs accept only tokens
    except (TokenError, TokenBackendError) as exc:
        raise NotSignedIn("Sign in again.", code="token_invalid") from exc


def _uuid(token: Any, claim: str) -> UUID:
    try:
        return UUID(str(token[claim]))
    except (KeyError, ValueError) as exc:
        raise NotSignedIn("Sign in again.", code="token_invalid") from exc
