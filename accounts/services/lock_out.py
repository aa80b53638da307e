"""Who guesses passwords is slowed and shut out, and nobody else with them.

Carriers put thousands of people behind one address, so an address says little; but who chooses
what their browser calls itself can be as many clients as they like. Three counts, each per
account, see to both (docs/adr/0006-lock-out.md):

1. attempts by an address, per minute, right or wrong (SPEC, section 3);
2. failures of a client (address, browser, language, device id): after ten it has to wait;
3. failures of all clients together: after twenty, strangers may try once in ten seconds.

A device that has signed in to the account before (`known_devices`) is counted for itself in 1
and 2 and not at all in 3, so no storm keeps the owner out. An attempt counts as failed before
the password is looked at and is forgiven afterwards, so many at once gain nothing. The counters
are in the cache: when it is away nobody is locked out. Unknown e-mails count like known ones.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User
from accounts.services.known_devices import device_known
from accounts.services.people import email_normalise, user_by_email, user_check_credentials
from kushfilms.core.client import anonymous_key, client_address
from kushfilms.core.errors import RateLimited
from kushfilms.core.windows import (
    digest,
    window_count,
    window_first,
    window_forget,
    window_rest,
    window_uncount,
)

DEVICE_COOKIE = "device"
DEVICE_HEADER = "X-Device-Token"
STRANGERS_PAUSE_SECONDS = 10
TOO_OFTEN = "Too many tries. Wait a little, then try again, or choose a new password by e-mail."


@dataclass(frozen=True)
class Caller:
    """Who knocks, as far as the network and the device's own token tell."""

    address: str = ""
    client: str = ""
    device_token: str = ""

    @classmethod
    def of(cls, request: HttpRequest | Request) -> "Caller":
        token = request.headers.get(DEVICE_HEADER) or request.COOKIES.get(DEVICE_COOKIE, "")
        return cls(client_address(request) or "", anonymous_key(request), token)


def user_sign_in_check(*, email: str, password: str, caller: Caller, now: datetime) -> User:
    """`user_check_credentials`, behind the lock-out.

    Raises:
        RateLimited: too many tries; with how long to wait, whatever the password.
        NotSignedIn, Denied: as `user_check_credentials`.
    """
    account, seconds = digest(email_normalise(email[:254])), now.timestamp()
    device = device_known(user_by_email(email), token=caller.device_token)
    _count("login", f"{account}:{device or caller.address}", now=seconds)
    client = f"{account}:{device or caller.client}"
    _count("login_failures", client, now=seconds)
    if not device:
        _slow_strangers(account, now=seconds)
    user = user_check_credentials(email=email, password=password, now=now)
    _forgive(client, account="" if device else account, now=seconds)
    return user


def own_password_check(user: User, password: str, *, now: datetime) -> bool:
    """Is it the password of who is signed in? A stolen session is no place to guess it.

    Raises RateLimited.
    """
    _, window = _rate("password")
    _count("password", str(user.pk), now=now.timestamp())
    right = check_password(password, user.password)
    if right:
        window_forget(f"password:{user.pk}", seconds=window, now=now.timestamp())
    return right


def _rate(scope: str) -> tuple[int, int]:
    limit, window = settings.THROTTLE_RATES[scope].split("/")
    return int(limit), int(window)


def _count(scope: str, key: str, *, now: float) -> None:
    limit, window = _rate(scope)
    if window_count(f"{scope}:{key}", seconds=window, now=now) > limit:
        raise RateLimited(TOO_OFTEN, retry_after_seconds=window_rest(window, now=now))


def _slow_strangers(account: str, *, now: float) -> None:
    limit, window = _rate("login_account")
    key = f"login_account:{account}"
    if window_count(key, seconds=window, now=now) <= limit:
        return
    pause = STRANGERS_PAUSE_SECONDS
    if not window_first(f"{key}:turn", seconds=pause, now=now):
        raise RateLimited(TOO_OFTEN, retry_after_seconds=window_rest(pause, now=now))


def _forgive(client: str, *, account: str, now: float) -> None:
    """It was them."""
    _, window = _rate("login_failures")
    window_forget(f"login_failures:{client}", seconds=window, now=now)
    if account:
        _, window = _rate("login_account")
        window_uncount(f"login_account:{account}", seconds=window, now=now)
