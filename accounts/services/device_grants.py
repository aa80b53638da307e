"""Device grants: sign-in of a TV with a code that a person types on their phone (RFC 8628).

The TV holds a device code of 256 random bits, of which only the hash is kept; the person sees a
user code of 8 characters. Both live 15 minutes. An approved grant is redeemed once, by compare and
swap, and becomes a session like any other: a ban or a sign-out ends it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Least

from accounts.models import DeviceGrant, DeviceGrantState, Session, SessionKind, User
from accounts.services.device_errors import (
    AccessDenied,
    AuthorizationPending,
    ExpiredToken,
    InvalidGrant,
    SlowDown,
)
from accounts.services.sessions import Device, session_start
from kushfilms.core.errors import NotFound, Unavailable

# No vowels, so no words; none that look like digits (RFC 8628, 6.1). 20^8 codes.
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
CODE_LENGTH = 8
LIFETIME = timedelta(minutes=15)
SLOWER_BY_SECONDS = 5
SLOWEST_SECONDS = 60
# Network delays vary, so a poll this much early is in time.
LENIENCE = timedelta(seconds=1)

PENDING = DeviceGrantState.PENDING
APPROVED = DeviceGrantState.APPROVED
DENIED = DeviceGrantState.DENIED
REDEEMED = DeviceGrantState.REDEEMED


@dataclass(frozen=True)
class StartedGrant:
    """A new grant; `device_code` is the TV's secret and is not stored."""

    device_code: str
    row: DeviceGrant


def code_show(user_code: str) -> str:
    """Return a code as people see it: BCDF-GHJK."""
    return f"{user_code[:4]}-{user_code[4:]}"


def code_read(typed: str) -> str | None:
    """Return the code in a typed text, without case, spaces and dashes, or None."""
    code = "".join(char for char in typed[:40].upper() if char.isalnum())
    fits = len(code) == CODE_LENGTH and all(char in ALPHABET for char in code)
    return code if fits else None


def device_grant_start(device: Device, *, now: datetime) -> StartedGrant:
    """Create a pair of codes for a TV. Raises Unavailable if five random codes were all taken."""
    device_code = secrets.token_urlsafe(32)
    for _ in range(5):
        grant = DeviceGrant(
            device_code_hash=_digest(device_code),
            user_code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
            device_name=device.name,
            ip=device.ip,
            user_agent=device.user_agent,
            created_at=now,
            expires_at=now + LIFETIME,
        )
        try:
            with transaction.atomic():
                grant.save(force_insert=True)
        except IntegrityError:
            continue  # another TV is waiting with this code
        return StartedGrant(device_code, grant)
    raise Unavailable("No code is free. Try again.")


def device_grant_redeem(device_code: str, *, kind: SessionKind, now: datetime) -> Session:
    """Return a session for an approved TV.

    Raises:
        AuthorizationPending, SlowDown: not approved yet.
        AccessDenied: denied, or the person who approved has been banned since.
        ExpiredToken: not approved in time.
        InvalidGrant: no such code, or already redeemed.
    """
    grant = DeviceGrant.objects.filter(device_code_hash=_digest(device_code)).first()
    if grant is None or grant.state == REDEEMED:
        raise InvalidGrant
    if grant.expires_at <= now:
        raise ExpiredToken
    if grant.state == DENIED:
        raise AccessDenied
    if grant.state == PENDING:
        # The poll is recorded; one before the interval makes the interval grow.
        rows = DeviceGrant.objects.filter(pk=grant.pk)
        earlier = now - timedelta(seconds=grant.interval_seconds) + LENIENCE
        in_time = Q(last_polled_at=None) | Q(last_polled_at__lte=earlier)
        if not rows.filter(in_time).update(last_polled_at=now):
            slower = Least(F("interval_seconds") + SLOWER_BY_SECONDS, SLOWEST_SECONDS)
            rows.update(interval_seconds=slower, last_polled_at=now)
            grant.refresh_from_db(fields=["interval_seconds"])
            raise SlowDown(interval=grant.interval_seconds)
        raise AuthorizationPending
    return _start_session(grant, kind=kind)


@transaction.atomic
def _start_session(grant: DeviceGrant, *, kind: SessionKind) -> Session:
    if not _swap_to_redeemed(grant):
        raise InvalidGrant  # another request with this code was first
    # Locked, so that a ban comes either before this and is seen, or after and ends the session.
    # By constraint an approved grant has a person.
    user = User.objects.select_for_update().get(pk=grant.user_id)  # type: ignore[misc]
    if user.is_banned:
        raise AccessDenied
    device = Device(ip=grant.ip, user_agent=grant.user_agent, name=grant.device_name)
    return session_start(user, kind=kind, device=device)


def _swap_to_redeemed(grant: DeviceGrant) -> bool:
    rows = DeviceGrant.objects.filter(pk=grant.pk, state=APPROVED)
    return bool(rows.update(state=REDEEMED))


def device_grant_find(typed: str, *, now: datetime) -> DeviceGrant:
    """Return the grant that waits with a typed code. Raises NotFound."""
    rows = DeviceGrant.objects.filter(state=PENDING, expires_at__gt=now)
    grant = rows.filter(user_code=code_read(typed) or "").first()
    if grant is None:
        raise _unknown()
    return grant


def device_grant_waiting(device_code: str, *, now: datetime) -> DeviceGrant | None:
    """Return the grant of a device code if it is open, so that a reload shows the same code."""
    rows = DeviceGrant.objects.filter(state__in=[PENDING, APPROVED], expires_at__gt=now)
    return rows.filter(device_code_hash=_digest(device_code)).first()


def device_grant_answer(typed: str, *, approve: bool, user_id: UUID, now: datetime) -> None:
    """Approve or deny a TV as this person. Idempotent. Raises NotFound."""
    rows = DeviceGrant.objects.filter(user_code=code_read(typed) or "", expires_at__gt=now)
    state = APPROVED if approve else DENIED
    if rows.filter(state=PENDING).update(state=state, user=user_id):
        return
    same_answer = [APPROVED, REDEEMED] if approve else [DENIED]
    if not rows.filter(state__in=same_answer, user=user_id).exists():
        raise _unknown()


def _unknown() -> NotFound:
    return NotFound(
        "No TV has this code. Check the code on your TV; it changes after 15 minutes.",
        code="device_code_unknown",
    )


def _digest(device_code: str) -> str:
    return hashlib.sha256(device_code.encode("utf-8", "backslashreplace")).hexdigest()
