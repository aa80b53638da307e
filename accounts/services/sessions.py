"""Sessions: one row per sign-in on a device, renewed by a refresh token, ended by revocation."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.request import Request

from accounts.auth.principal import Principal, sessions_forget
from accounts.auth.tokens import TokenPair, pair_for
from accounts.events import SessionsRevoked
from accounts.models import Session, SessionKind, User
from kushfilms.core.errors import Denied, NotFound
from kushfilms.core.events import emit
from kushfilms.core.request_client import client_address, client_country, user_agent
from kushfilms.core.text import line_clean


@dataclass(frozen=True)
class Device:
    """The device of a sign-in, as its request describes it."""

    ip: str | None = None
    user_agent: str = ""
    name: str = ""
    country: str = ""

    @classmethod
    def of(cls, request: HttpRequest | Request) -> "Device":
        name = request.headers.get("X-Device-Name", "")
        named = line_clean(name)[:120]
        return cls(
            ip=client_address(request),
            user_agent=user_agent(request),
            name=named,
            country=client_country(request),
        )


@transaction.atomic
def session_start(
    user: User, *, kind: SessionKind, device: Device, second_factor: bool = False
) -> Session:
    """Start a session. Raises Denied (`banned`) if a ban came during the password check."""
    now = timezone.now()
    web = kind == SessionKind.WEB
    lifetime = settings.WEB_SESSION_LIFETIME if web else settings.REFRESH_TOKEN_LIFETIME
    # The row lock orders this against a ban, which either ends this session or prevents it.
    allowed = User.objects.filter(pk=user.pk, is_banned=False)
    if not allowed.update(last_login_at=now, updated_at=now):
        raise Denied("This account is closed.", code="banned")
    user.last_login_at = now
    return Session.objects.create(
        user=user,
        kind=kind,
        device_name=device.name,
        ip=device.ip,
        user_agent=device.user_agent,
        country=device.country,
        second_factor=second_factor,
        created_at=now,
        last_seen_at=now,
        expires_at=now + lifetime,
    )


def session_issue_tokens(session: Session) -> TokenPair:
    return pair_for(session, now=timezone.now())


@transaction.atomic
def session_revoke(session_id: UUID, *, reason: str) -> None:
    """End one sign-in, if it is live."""
    sessions_revoke([session_id], reason=reason)


@transaction.atomic
def own_session_revoke(me: Principal, session_id: UUID) -> None:
    """End a sign-in of the same person. Raises NotFound for any other, and if it has ended."""
    if not Session.objects.live().filter(pk=session_id, user_id=me.user_id).exists():
        raise NotFound("This device is not signed in.")
    sessions_revoke([session_id], reason="signed_out_by_owner")


@transaction.atomic
def other_sessions_revoke(me: Principal) -> None:
    """End all of a person's sign-ins except the current one."""
    others = Session.objects.live().filter(user_id=me.user_id).exclude(pk=me.session_id)
    sessions_revoke(list(others.values_list("pk", flat=True)), reason="signed_out_by_owner")


@transaction.atomic
def user_sessions_revoke(user: User, *, reason: str, keep: UUID | None = None) -> None:
    """End every sign-in of a person except the one to `keep`."""
    ids = Session.objects.live().filter(user=user).values_list("pk", flat=True)
    sessions_revoke([pk for pk in ids if pk != keep], reason=reason)


def sessions_revoke(session_ids: list[UUID], *, reason: str) -> None:
    """End these sign-ins and emit events. Call in a transaction."""
    rows = Session.objects.filter(pk__in=session_ids, revoked_at=None)
    owners = dict(rows.values_list("pk", "user_id"))
    rows.update(revoked_at=timezone.now(), revoked_reason=reason)
    sessions_forget(list(owners))
    for user_id in set(owners.values()):
        own_sessions = tuple(pk for pk, owner in owners.items() if owner == user_id)
        emit(SessionsRevoked(user_id=user_id, session_ids=own_sessions))
