"""What changes people and their sessions."""

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.events import SessionsRevoked
from accounts.models import Notification, NotificationType, Role, Session, SessionKind, User
from accounts.principal import principals_forget, sessions_forget
from accounts.tokens import TokenPair, pair_for, read_refresh
from kushfilms.core.client import client_address, user_agent
from kushfilms.core.errors import Denied, InvalidInput, NotSignedIn, WrongState
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


def email_normalise(email: str) -> str:
    """One spelling for one mailbox: compatibility forms folded, case dropped, no spaces around."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def user_create(
    *,
    email: str,
    password: str,
    name: str,
    role: Role = Role.USER,
    email_verified: bool = False,
    validate: bool = False,
) -> User:
    """Make a person.

    Raises:
        InvalidInput: the password is too weak (`validate`), or a field does not fit.
        WrongState: `email_taken`, also when two registrations race.
    """
    user = User(email=email_normalise(email), name=name.strip(), role=role)
    user.email_verified = email_verified
    if validate:
        _check_password(password, user)
    user.password = make_password(password)
    try:
        user.full_clean(validate_constraints=False)
        with transaction.atomic():
            user.save(force_insert=True)
    except ValidationError as exc:
        raise InvalidInput("Check the marked fields.", fields=exc.message_dict) from exc
    except IntegrityError as exc:
        taken = "There is an account with this e-mail already. Sign in instead."
        raise WrongState(taken, code="email_taken") from exc
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as exc:
        raise InvalidInput("Choose another password.", fields={"password": exc.messages}) from exc


def user_check_credentials(*, email: str, password: str) -> User:
    """The person, if the password fits.

    Raises:
        NotSignedIn: unknown e-mail and wrong password read and take the same.
        Denied: `banned`, with the reason, only after the right password.
    """
    user = User.objects.filter(email=email_normalise(email)).first()
    if user is None:
        make_password(password)  # spend what a check costs, so that time tells nothing
    if user is None or not check_password(password, user.password):
        raise NotSignedIn("E-mail or password is wrong.", code="invalid_credentials")
    if user.is_banned:
        reason = user.ban_reason or "Write to us if you think this is a mistake."
        raise Denied(f"This account is closed. {reason}", code="banned")
    return user


# ── Sessions ────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def session_start(user: User, *, kind: SessionKind, device: Device) -> Session:
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


# ── What staff may do to someone ────────────────────────────────────────────────────────


@transaction.atomic
def user_ban(user: User, *, reason: str) -> None:
    """Shut an account; effective on its next request on every node."""
    user.is_banned, user.ban_reason = True, reason.strip()[:500]
    user.save(update_fields=["is_banned", "ban_reason", "updated_at"])
    user_sessions_revoke(user, reason="banned")


@transaction.atomic
def user_unban(user: User) -> None:
    user.is_banned, user.ban_reason = False, ""
    user.save(update_fields=["is_banned", "ban_reason", "updated_at"])


@transaction.atomic
def user_update(user: User, *, fields: list[str]) -> None:
    """Save these checked fields of a person; counts on their next request."""
    user.save(update_fields=[*fields, "updated_at"])
    principals_forget(user=user)


@transaction.atomic
def user_set_role(user: User, *, role: Role) -> None:
    user.role = role
    user.save(update_fields=["role", "updated_at"])
    principals_forget(user=user)


def notification_create(
    user: User,
    *,
    title: str,
    message: str,
    kind: NotificationType = NotificationType.SYSTEM,
    action_url: str = "",
    metadata: dict[str, Any] | None = None,
) -> Notification:
    return Notification.objects.create(
        user=user,
        type=kind,
        title=title[:200],
        message=message[:2000],
        action_url=action_url,
        metadata=metadata or {},
    )
