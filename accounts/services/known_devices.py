"""Known devices, which have signed in to an account before and hold a token that proves it.

The site stores the token in a cookie; an app gets it as `deviceToken` and sends it back in the
header `X-Device-Token`. It does not sign in. It only states, under our signature, that the right
password was entered there once, so the lock-out trusts the device more than an unknown one
(docs/adr/0006-lock-out.md). Phones are often shared in a household, so one token holds several
accounts. A new password makes every device unknown again.
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
    accounts: dict[str, str] = field(default_factory=dict)  # id → fingerprint of the password
    issued_at: int = field(default_factory=lambda: int(time.time()))

    def signed(self) -> str:
        values = {"d": self.device, "a": self.accounts, "t": self.issued_at}
        return signing.dumps(values, salt=DEVICE_SALT)


def device_new() -> str:
    """Return the token of a device without a sign-in."""
    return DeviceToken().signed()


def device_remember(user: User, *, token: str) -> str:
    """Return the device's token with this account added. `token`: the present one, or ''."""
    present = _read(token) or DeviceToken()
    others = {pk: mark for pk, mark in present.accounts.items() if pk != str(user.pk)}
    latest = dict(list(others.items())[-(MOST_ACCOUNTS - 1) :])
    return replace(present, accounts={**latest, str(user.pk): _mark(user)}).signed()


def device_known(user: User | None, *, token: str) -> str:
    """Return the device's id if this account has signed in there, or ''."""
    present = _read(token)
    if user is None or present is None:
        return ""
    mark = present.accounts.get(str(user.pk), "")
    return present.device if constant_time_compare(mark, _mark(user)) else ""


def _mark(user: User) -> str:
    return salted_hmac(DEVICE_SALT, user.password, algorithm="sha256").hexdigest()[:16]


def _read(token: str) -> DeviceToken | None:
    values = device_token_read(token)
    return DeviceToken(values["d"], values["a"], values.get("t", 0)) if values else None
