"""Sign-ins: one row a device, which a refresh token renews and a revocation ends."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.events import SessionsRevoked
from accounts.models import Session, SessionKind, User
from accounts.principal import sessions_forget
from accounts.tokens import TokenPair, pair_for, read_refresh
from kushfilms.core.client import client_address, user_agent
from kushfilms.core.errors import NotSignedIn
from kushfilms.core.events import emit

LAST_SEEN_STEP = timedelta(minutes=5)


@dataclass(frozen=True)
class Device:
    """Where a sign-in comes from."""

    ip: str | None = None
    user_agent: str = ""
    name: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Device":
        name = request.headers.get("X-Device-Name", "")
        printable = "".join(char for char in name if char.isprintable())[:120]
        return cls(ip=client_address(request), user_agent=user_agent(request), name=printable)


@transaction.atomic
def session_start(
    user: User, *, kind: SessionKind, device: Device, second_factor: bool = False
) -> Session:
    now = timezone.now()
    lifetime = (
        settings.WEB_SESSION_LIFETIME
        if kind == SessionKind.WEB
        else settings.REFRESH_TOKEN_LIFETIME
    )
    user.last_login_at = now
    user.save(update_fields=["last_login_at", "updated_at"])
    return Session.objects.create(
        user=user,
        kind=kind,
        device_name=device.name,
        ip=device.ip,
        user_agent=device.user_agent,
        second_factor=second_factor,
        created_at=now,
        last_seen_at=now,
        expires_at=now + lifetime,
    )


def session_issue_tokens(session: Session) -> TokenPair:
    return pair_for(session, now=timezone.now())


def session_refresh(raw: str) -> TokenPair:
    """Spend a refresh token for a new pair. A spent one revokes its whole family.

    Raises:
        NotSignedIn: not a live token of ours (`token_invalid`), or used before
            (`token_reused`; everyone on this session is signed out).
    """
    claims = read_refresh(raw)
    now = timezone.now()
    renewed = uuid.uuid4()
    with transaction.atomic():
        # Compare and swap: of two requests with one token only one changes the row.
        swapped = (
            Session.objects.live()
            .filter(pk=claims.session_id, refresh_jti=claims.jti, user__is_banned=False)
            .update(
                refresh_jti=renewed,
                last_seen_at=now,
                expires_at=now + settings.REFRESH_TOKEN_LIFETIME,
            )
        )
        if swapped:
            session = Session.objects.select_related("user").get(pk=claims.session_id)
            sessions_forget([session.pk])
            return pair_for(session, now=now)
        session_ids = list(
            Session.objects.live().filter(pk=claims.session_id).values_list("pk", flat=True)
        )
        _revoke(session_ids, reason="refresh_token_reused")
    code = "token_reused" if session_ids else "token_invalid"
    raise NotSignedIn("Sign in again.", code=code)


@transaction.atomic
def session_revoke(session_id: UUID, *, reason: str) -> None:
    """End one sign-in; a no-op for one that has ended."""
    _revoke([session_id], reason=reason)


@transaction.atomic
def user_sessions_revoke(user: User, *, reason: str, keep: UUID | None = None) -> None:
    """End every sign-in of a person, but the one to `keep`."""
    ids = Session.objects.live().filter(user=user).values_list("pk", flat=True)
    _revoke([pk for pk in ids if pk != keep], reason=reason)


def _revoke(session_ids: list[UUID], *, reason: str) -> None:
    rows = Session.objects.filter(pk__in=session_ids, revoked_at=None)
    owners = dict(rows.values_list("pk", "user_id"))
    rows.update(revoked_at=timezone.now(), revoked_reason=reason)
    sessions_forget(list(owners))
    for user_id in set(owners.values()):
        mine = tuple(pk for pk, owner in owners.items() if owner == user_id)
        emit(SessionsRevoked(user_id=user_id, session_ids=mine))


def session_touch(session_id: UUID, *, last_seen_at: datetime, now: datetime) -> None:
    """Note that a session is in use, at most every few minutes."""
    if now - last_seen_at >= LAST_SEEN_STEP:
        Session.objects.filter(pk=session_id).update(last_seen_at=now)
