"""Sign-in and sign-out, for apps (token pairs) and for the site (a cookie)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.utils import timezone

from accounts.auth.middleware import SESSION_KEY, principal_of
from accounts.auth.tokens import TokenPair
from accounts.models import Session, SessionKind, User
from accounts.services.device_grants import device_grant_redeem
from accounts.services.email_addresses import user_register
from accounts.services.known_devices import device_remember
from accounts.services.lock_out import Caller, user_sign_in_check
from accounts.services.second_factor import second_factor_check
from accounts.services.sessions import Device, session_issue_tokens, session_revoke, session_start
from kushfilms.core.client_ids import DEVICE_LIFETIME
from kushfilms.core.preferences import preference_keep


@dataclass(frozen=True)
class AppSignIn:
    user: User
    tokens: TokenPair
    device_token: str


def app_register(
    *, email: str, password: str, name: str, device: Device, caller: Caller
) -> AppSignIn:
    """Create an account and sign in. Raises the errors of `user_register`."""
    user = user_register(email=email, password=password, name=name)
    return app_start(user, device=device, caller=caller)


def app_sign_in(
    *, email: str, password: str, device: Device, caller: Caller, code: str = ""
) -> AppSignIn:
    """Sign in an app. Raises the errors of `user_sign_in_check` and `second_factor_check`."""
    now = timezone.now()
    user = user_sign_in_check(email=email, password=password, caller=caller, now=now)
    used = second_factor_check(user, code=code, now=now)
    return app_start(user, device=device, caller=caller, second_factor=used)


def app_device_sign_in(device_code: str, *, caller: Caller, now: datetime) -> AppSignIn:
    """Sign in an approved TV app. Raises the errors of `device_grant_redeem`."""
    session = device_grant_redeem(device_code, kind=SessionKind.API, now=now)
    return _answer(session, caller=caller)


def app_start(
    user: User, *, device: Device, caller: Caller, second_factor: bool = False
) -> AppSignIn:
    session = session_start(user, kind=SessionKind.API, device=device, second_factor=second_factor)
    return _answer(session, caller=caller)


def _answer(session: Session, *, caller: Caller) -> AppSignIn:
    device_token = device_remember(session.user, token=caller.device_token)
    return AppSignIn(session.user, session_issue_tokens(session), device_token)


def site_sign_in(request: HttpRequest, user: User, *, second_factor: bool = False) -> None:
    """Start a session and put only its id into the cookie."""
    device = Device.of(request)
    session = session_start(user, kind=SessionKind.WEB, device=device, second_factor=second_factor)
    _carry(request, session)


def site_device_sign_in(request: HttpRequest, device_code: str, *, now: datetime) -> None:
    """Sign in an approved TV's browser. Raises the errors of `device_grant_redeem`."""
    _carry(request, device_grant_redeem(device_code, kind=SessionKind.WEB, now=now))


def _carry(request: HttpRequest, session: Session) -> None:
    request.session.flush()
    request.session[SESSION_KEY] = str(session.pk)
    rotate_token(request)  # a CSRF token planted before the sign-in is void after it


def site_remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Make the browser a known device of this account, and apply the person's language."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        device_remember(user, token=request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")),
        max_age=DEVICE_LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    # The language of the account applies on every device; without one this browser's choice stays.
    if user.locale:
        preference_keep(response, settings.LANGUAGE_COOKIE_NAME, user.locale)


def site_sign_out(request: HttpRequest) -> None:
    """End the session of the cookie, if there is one, on every node."""
    if principal := principal_of(request):
        session_revoke(principal.session_id, reason="signed_out")
        request.session.flush()
