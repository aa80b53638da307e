"""Refresh tokens: each is spent once, and all its holders get the same successor.

A response may be lost, and two tabs may refresh at the same moment. So a token that was spent less
than a minute ago gets the successor made then. One that was spent longer ago counts as stolen and
ends the sign-in (SPEC, section 3).
"""

import itertools
import uuid
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.auth.principal import sessions_forget
from accounts.auth.tokens import TokenPair, pair_for, read_refresh
from accounts.models import Session
from accounts.services.sessions import sessions_revoke
from kushfilms.core.errors import NotSignedIn

GRACE_SECONDS = 60
# More than a client needs within a minute, so that a client in a loop does not fill the row.
MOST_KEPT = 20


def session_refresh(raw: str) -> TokenPair:
    """Spend a refresh token for a new pair.

    Raises:
        NotSignedIn: not a valid token (`token_invalid`), or spent over a minute ago
            (`token_reused`; the sign-in ends for all its holders).
    """
    claims = read_refresh(raw)
    now = timezone.now()
    with transaction.atomic():
        session = _locked(claims.session_id)
        if session is None or _longest(session) <= now:
            raise NotSignedIn("Sign in again.", code="token_invalid")
        if session.refresh_jti == claims.jti:
            return _rotate(session, now=now)
        # A token spent within the grace period gets a new access token and its successor.
        chain = [*session.spent_tokens, [str(session.refresh_jti), 0]]
        for (jti, spent_at), (following, _) in itertools.pairwise(chain):
            if jti == str(claims.jti) and now.timestamp() - spent_at < GRACE_SECONDS:
                return pair_for(session, now=now, jti=UUID(following), issued_at=int(spent_at))
        sessions_revoke([session.pk], reason="refresh_token_reused")
    raise NotSignedIn("Sign in again.", code="token_reused")


def _locked(session_id: UUID) -> Session | None:
    """Return the live session, locked, so that other requests with its token wait."""
    rows = Session.objects.live().select_for_update(of=("self",)).select_related("user")
    return rows.filter(pk=session_id).first()


def _longest(session: Session) -> datetime:
    """Return the latest end of a sign-in, however often it is refreshed."""
    return session.created_at + settings.APP_SESSION_LONGEST


def _rotate(session: Session, *, now: datetime) -> TokenPair:
    spent_at = now.timestamp()
    recent = [row for row in session.spent_tokens if row[1] > spent_at - GRACE_SECONDS]
    session.spent_tokens = [*recent, [str(session.refresh_jti), spent_at]][-MOST_KEPT:]
    session.refresh_jti = uuid.uuid4()
    session.last_seen_at = now
    session.expires_at = min(now + settings.REFRESH_TOKEN_LIFETIME, _longest(session))
    session.save(update_fields=["spent_tokens", "refresh_jti", "last_seen_at", "expires_at"])
    sessions_forget([session.pk])
    return pair_for(session, now=now, jti=session.refresh_jti, issued_at=int(spent_at))
