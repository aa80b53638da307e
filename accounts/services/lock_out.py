"""Lock-out: limits on guessing passwords that stop a guesser without locking out its network.

Carriers put thousands of people behind one address, so a network identifies little, and a client's
own claims identify nothing. So tries are counted (docs/adr/0006-lock-out.md):

per account
1. tries of a network, per minute, right or wrong (SPEC, section 3);
2. failures of a client: one with an id of ours that is an hour old, else its network;
3. failures of all clients together: after twenty, unknown clients take turns (`sign_in_slots`);

over all accounts
4. failures of a client with such an id, of a network's other clients, and of a network.

A device that has signed in to the account before (`known_devices`) has its own count in 1 and 2
and none in 3 and 4, so an attack does not keep the owner out. A try counts as failed before the
password is checked and is uncounted afterwards, so many at once gain nothing. The counters are in
the cache: without it there is no limit. Unknown e-mails count like known ones.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User
from accounts.services.known_devices import device_known
from accounts.services.password_hashing import password_matches
from accounts.services.people import email_normalise, user_by_email, user_check_credentials
from accounts.services.sign_in_slots import TOO_MANY_TRIES, turn_take
from kushfilms.core.client_ids import Client, client_of
from kushfilms.core.context import current
from kushfilms.core.errors import RateLimited, Unavailable
from kushfilms.core.rate_windows import (
    digest,
    rate_of,
    window_count,
    window_forget,
    window_rest,
    window_uncount,
)
from kushfilms.core.wait_texts import too_often

DEVICE_HEADER = "X-Device-Token"


@dataclass(frozen=True)
class Caller:
    """The client of a sign-in, and its device token."""

    client: Client = field(default_factory=lambda: Client(network=""))
    device_token: str = ""

    @classmethod
    def of(cls, request: HttpRequest | Request) -> "Caller":
        cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
        return cls(client_of(request), request.headers.get(DEVICE_HEADER) or cookie)

    @property
    def key(self) -> str:
        """Return the client's id, or its network without one."""
        client = self.client
        return f"c:{client.id}" if client.ripe else f"n:{client.network}"


class Tally:
    """The counters of one try. A try that is refused, or right, is uncounted."""

    def __init__(self, now: float) -> None:
        self._now = now
        self._counted: list[tuple[str, str]] = []

    def count(self, scope: str, key: str) -> bool:
        """Count the try; return whether it is within the scope's limit."""
        limit, window = rate_of(scope)
        self._counted.append((scope, key))
        return window_count(f"{scope}:{key}", seconds=window, now=self._now) <= limit

    def limit(self, scope: str, key: str) -> None:
        """Count the try. Raises RateLimited, after uncounting the try everywhere."""
        if not self.count(scope, key):
            self.undo()
            raise too_often(window_rest(rate_of(scope)[1], now=self._now), message=TOO_MANY_TRIES)

    def undo(self) -> None:
        for scope, key in self._counted:
            window_uncount(f"{scope}:{key}", seconds=rate_of(scope)[1], now=self._now)
        self._counted = []


def user_sign_in_check(*, email: str, password: str, caller: Caller, now: datetime) -> User:
    """Return the person of a sign-in, behind the lock-out (see `user_check_credentials`).

    Raises:
        RateLimited: too many tries, whatever the password.
        Unavailable: too many are signing in at this moment.
        NotSignedIn, Denied: as `user_check_credentials`.
    """
    account = digest(email_normalise(email[:254]))
    seconds = now.timestamp()
    device = device_known(user_by_email(email), token=caller.device_token)
    tries = Tally(seconds)
    failures = Tally(seconds)
    tries.limit("login", f"{account}:{device or caller.client.network}")
    own = f"{account}:{device or caller.key}"
    failures.limit("login_failures", own)
    if not device:
        # A failure of this client counts over all accounts.
        if caller.client.ripe:
            failures.limit("login_client", caller.client.id)
        else:
            failures.limit("login_strangers", caller.client.network)
        failures.limit("login_network", caller.client.network)
        # Many failures of any clients at this account: its clients take turns.
        if not failures.count("login_account", account):
            try:
                turn_take(account, caller.key, now=seconds)
            except RateLimited:
                failures.undo()
                raise
    try:
        user = user_check_credentials(email=email, password=password, now=now)
    except Unavailable:
        failures.undo()
        raise
    failures.undo()
    window_forget(f"login_failures:{own}", seconds=rate_of("login_failures")[1], now=seconds)
    return user


def own_password_check(user: User, password: str, *, now: datetime) -> bool:
    """Return whether the password is the signed-in person's.

    Counted by sign-in first, so that a thief guessing in a stolen session does not lock out the
    owner in another one. Raises RateLimited, Unavailable.
    """
    seconds = now.timestamp()
    session = f"{user.pk}:{current().session_id or ''}"
    tally = Tally(seconds)
    tally.limit("password", session)
    tally.limit("password_account", str(user.pk))
    right = password_matches(user, password)
    if right:
        tally.undo()
        window_forget(f"password:{session}", seconds=rate_of("password")[1], now=seconds)
    return right
