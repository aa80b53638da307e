"""Stream tokens: the path segment that opens one package to one viewer for a while.

    /hls/{kid}.{payload}.{signature}/master.m3u8

The payload is base64url of a fixed layout (big-endian): asset id (16 bytes), package number (2),
viewer id (16), playback session id (16), expiry in Unix seconds (4). The signature is the first
16 bytes of HMAC-SHA256 over `{kid}.{payload}`. An edge needs only the key to check it and to
know the object: `media/{asset}/{number}/{rest of the path}`, which is also the cache key. The asset
and the number come only from the token, so no URL can name another asset, another package or an
original. `deploy/edge/worker.js` is the same check for a CDN.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LAYOUT = struct.Struct(">16sH16s16sI")
SIGNATURE_BYTES = 16


class TokenRefusedError(Exception):
    """The token opens nothing. `code`: token_invalid or token_expired."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class StreamToken:
    asset_id: UUID
    package_number: int
    viewer_id: UUID
    session_id: UUID
    expires_at: datetime

    @property
    def prefix(self) -> str:
        """Return the prefix in storage that this token opens."""
        return f"media/{self.asset_id}/{self.package_number}/"


@lru_cache(maxsize=8)
def parse_keys(configured: str) -> dict[str, bytes]:
    """`kid:secret` pairs by kid, in order: the first signs, all verify.

    A lone secret without a kid is key `k0`, so the owner's plain CDN_SIGN_SECRET works too.

    Raises:
        ImproperlyConfigured: no key, or a kid that is not short and alphanumeric.
    """
    keys: dict[str, bytes] = {}
    for pair in filter(None, (part.strip() for part in configured.split(","))):
        kid, colon, secret = pair.partition(":")
        if not colon:
            kid = "k0"
            secret = pair
        if not (kid.isascii() and kid.isalnum() and len(kid) <= 8 and secret):
            raise ImproperlyConfigured("CDN_SIGN_SECRET must hold kid:secret pairs.")
        keys[kid] = secret.encode()
    if not keys:
        raise ImproperlyConfigured("CDN_SIGN_SECRET is not set.")
    return keys


def sign(token: StreamToken) -> str:
    """Return the path segment for a token, signed with the first configured key."""
    kid, key = next(iter(parse_keys(settings.CDN_SIGN_SECRET).items()))
    payload = LAYOUT.pack(
        token.asset_id.bytes,
        token.package_number,
        token.viewer_id.bytes,
        token.session_id.bytes,
        int(token.expires_at.timestamp()),
    )
    signed = f"{kid}.{_encode(payload)}"
    return f"{signed}.{_encode(_mac(key, signed))}"


def verify(raw: str, *, now: datetime) -> StreamToken:
    """Read a token. Raises TokenRefusedError when it is not ours, altered, or expired."""
    parts = raw.split(".")
    if len(parts) != 3 or not raw.isascii():
        raise TokenRefusedError("token_invalid")
    kid, payload, signature = parts
    key = parse_keys(settings.CDN_SIGN_SECRET).get(kid)
    if key is None:
        raise TokenRefusedError("token_invalid")
    expected = _encode(_mac(key, f"{kid}.{payload}"))
    # The encoded texts are compared: base64 has spare bits, so two texts can mean one value.
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise TokenRefusedError("token_invalid")
    try:
        fields = LAYOUT.unpack(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, struct.error, ValueError) as exc:
        raise TokenRefusedError("token_invalid") from exc
    asset, number, viewer, session, expiry = fields
    token = StreamToken(
        asset_id=UUID(bytes=asset),
        package_number=number,
        viewer_id=UUID(bytes=viewer),
        session_id=UUID(bytes=session),
        expires_at=datetime.fromtimestamp(expiry, tz=UTC),
    )
    if token.expires_at <= now:
        raise TokenRefusedError("token_expired")
    return token


def _mac(key: bytes, signed: str) -> bytes:
    return hmac.new(key, signed.encode(), hashlib.sha256).digest()[:SIGNATURE_BYTES]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
