"""Devices that have signed in to an account before, proved by a token they keep.

The site keeps it in a cookie, an app gets it as `deviceToken` and sends it back in the header
`X-Device-Token`. It signs nobody in. It only says, under our signature, "the right password was
typed here once", and the lock-out believes such a device more than a stranger
(docs/adr/0006-lock-out.md). A phone is shared in many a home, so one token speaks for several
accounts. A new password makes every device a stranger again.
"""

import secrets
import time
from dataclasses import dataclass, field, replace

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from kushfilms.core.client_ids import DEVICE_SALT, device_token_read

MOST_ACCOUNTS = 5


@dataclass(frozen=True)
class DeviceToken:
    device: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    accounts: dict[str, str] = field(default_factory=dict)  # id → what their password leaves
    issued_at: int = field(default_factory=lambda: int(time.time()))

    def signed(self) -> str:
        values = {"d": self.device, "a": self.accounts, "t": self.issued_at}
        return signing.dumps(values, salt=DEVICE_SALT)


def device_new() -> str:
    """Return the token of a device on which nobody has signed in yet."""
    return DeviceToken().signed()


def device_remember(user: User, *, token: str) -> str:
    """The device's token, from now on for this account as well. `token`: what it has, or ''."""
    known = _read(token) or DeviceToken()
    others = {pk: mark for pk, mark in known.accounts.items() if pk != str(user.pk)}
    kept = dict(list(others.items())[-(MOST_ACCOUNTS - 1) :])
    return replace(known, accounts={**kept, str(user.pk): _mark(user)}).signed()


def device_known(user: User | None, *, token: str) -> str:
    """The device's id if this account has signed in there, or ''."""
    known = _read(token)
    if user is None or known is None:
        return ""
    mark = known.accounts.get(str(user.pk), "")
    return known.device if constant_time_compare(mark, _mark(user)) else ""


def _mark(user: User) -> str:
    return salted_hmac(DEVICE_SALT, user.password, algorithm="sha256").hexdigest()[:16]


def _read(token: str) -> DeviceToken | None:
    values = device_token_read(token)
    return DeviceToken(values["d"], values["a"], values.get("t", 0)) if values else None
