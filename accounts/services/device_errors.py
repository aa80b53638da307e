"""Errors for a TV that waits for approval (RFC 8628, 3.5; RFC 6749, 5.2).

An OAuth client reads `error`, our own apps read `code`: both hold the RFC's error code.
"""

from typing import Any, ClassVar

from kushfilms.core.errors import KushError


class DeviceGrantError(KushError):
    text: ClassVar[str]

    def __init__(self, **extras: Any) -> None:
        super().__init__(self.text, **extras)


class AuthorizationPending(DeviceGrantError):
    title = code = "authorization_pending"
    text = "This TV is not approved yet. Ask again after the interval."


class SlowDown(DeviceGrantError):
    """The TV polls too often; `interval`: seconds between two requests from now on."""

    title = code = "slow_down"
    text = "Too many requests. Wait `interval` seconds between two requests."


class ExpiredToken(DeviceGrantError):
    title = code = "expired_token"
    text = "This code has expired. Ask for a new one."


class AccessDenied(DeviceGrantError):
    title = code = "access_denied"
    text = "This TV was not allowed. Ask for a new code to try again."


class InvalidGrant(DeviceGrantError):
    title = code = "invalid_grant"
    text = "This code is unknown or already used. Ask for a new one."


class UnsupportedGrantType(DeviceGrantError):
    title = code = "unsupported_grant_type"
    text = "Use urn:ietf:params:oauth:grant-type:device_code."
