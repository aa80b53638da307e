"""What a TV hears while it waits (RFC 8628, 3.5; RFC 6749, 5.2).

An OAuth client acts on `error`, ours act on `code`: for these both hold the RFC's word.
"""

from typing import Any, ClassVar

from kushfilms.core.errors import KushError


class DeviceGrantError(KushError):
    says: ClassVar[str]

    def __init__(self, **extras: Any) -> None:
        super().__init__(self.says, **extras)


class AuthorizationPending(DeviceGrantError):
    title = code = "authorization_pending"
    says = "Nobody has approved this TV yet. Ask again after the interval."


class SlowDown(DeviceGrantError):
    """`interval`: seconds to leave between two requests from now on."""

    title = code = "slow_down"
    says = "You ask too often. Leave `interval` seconds between two requests."


class ExpiredToken(DeviceGrantError):
    title = code = "expired_token"
    says = "Nobody approved this TV in time. Ask for a new code."


class AccessDenied(DeviceGrantError):
    title = code = "access_denied"
    says = "This TV was not let in. Ask for a new code to try again."


class InvalidGrant(DeviceGrantError):
    title = code = "invalid_grant"
    says = "This code is not known, or was used already. Ask for a new one."


class UnsupportedGrantType(DeviceGrantError):
    title = code = "unsupported_grant_type"
    says = "Use urn:ietf:params:oauth:grant-type:device_code."
