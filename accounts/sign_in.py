"""Signing in and out, for apps (token pairs) and for the site (a cookie)."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone

from accounts.middleware import SESSION_KEY, principal_of
from accounts.models import Session, SessionKind, User
from accounts.services.device_grants import device_grant_redeem
from accounts.services.people import user_check_credentials, user_create
from accounts.services.second_factor import second_factor_check
from accounts.services.sessions import Device, session_issue_tokens, session_revoke, session_start
from accounts.tokens import TokenPair


@dataclass(frozen=True)
class AppSignIn:
    user: User
    tokens: TokenPair


def app_register(*, email: str, password: str, name: str, device: Device) -> AppSignIn:
    """Make an account and sign it in. Raises what `user_create` raises."""
    user = user_create(email=email, password=password, name=name, validate=True)
    return _app_start(user, device=device)


def app_sign_in(*, email: str, password: str, device: Device, code: str = "") -> AppSignIn:
    """Raises what `user_check_credentials` and `second_factor_check` raise."""
    user = user_check_credentials(email=email, password=password)
    used = second_factor_check(user, code=code, now=timezone.now())
    return _app_start(user, device=device, second_factor=used)


def app_device_sign_in(device_code: str, *, now: datetime) -> AppSignIn:
    """A TV somebody approved. Raises what `device_grant_redeem` raises."""
    session = device_grant_redeem(device_code, kind=SessionKind.API, now=now)
    return AppSignIn(session.user, session_issue_tokens(session))


def _app_start(user: User, *, device: Device, second_factor: bool = False) -> AppSignIn:
    session = session_start(user, kind=SessionKind.API, device=device, second_factor=second_factor)
    return AppSignIn(user, session_issue_tokens(session))


def site_sign_in(request: HttpRequest, user: User, *, second_factor: bool = False) -> None:
    """Start a session of ours and put its id, and nothing else, into the cookie."""
    device = Device.of(request)
    session = session_start(user, kind=SessionKind.WEB, device=device, second_factor=second_factor)
    _carry(request, session)


def site_device_sign_in(request: HttpRequest, device_code: str, *, now: datetime) -> None:
    """The same for a TV's browser. Raises what `device_grant_redeem` raises."""
    _carry(request, device_grant_redeem(device_code, kind=SessionKind.WEB, now=now))


def _carry(request: HttpRequest, session: Session) -> None:
    request.session.flush()
    request.session[SESSION_KEY] = str(session.pk)
    rotate_token(request)  # a CSRF token planted before the sign-in is worth nothing after it


def site_sign_out(request: HttpRequest) -> None:
    """End the session the cookie names, on every node; a no-op for a visitor."""
    if principal := principal_of(request):
        session_revoke(principal.session_id, reason="signed_out")
        request.session.flush()
