"""Edge of the local run: checks a stream token and serves the object it opens.

In production a CDN does this (deploy/edge/worker.js) and Django never serves a film. Tokens are
checked the same way in both. No redirects, which HLS forbids for media, and no cookies, which some
TVs lack.
"""

import logging
import re
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from kushfilms.core import storage
from kushfilms.core.api.errors import body
from kushfilms.core.request_client import client_address
from kushfilms.core.storage import ObjectMissing
from streaming.services.playback_sessions import LIVE, edge_state
from streaming.signing import TokenRefusedError, verify
from streaming.views.edge_addresses import addresses

logger = logging.getLogger(__name__)

# `deploy/edge/worker.js` has the same tables of types and messages; a test compares them.
CONTENT_TYPES = {
    "m3u8": "application/vnd.apple.mpegurl",
    "mpd": "application/dash+xml",
    "m4s": "video/iso.segment",
    "mp4": "video/mp4",
    "vtt": "text/vtt; charset=utf-8",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "avif": "image/avif",
}
# Names that the packager gives. One dot, no escapes: no path can leave the package.
NAME = re.compile(r"(?:[A-Za-z0-9_-]+/){0,3}[A-Za-z0-9_-]+\.([a-z0-9]{2,4})")
RANGE = re.compile(r"bytes=(?:(\d{1,15})-(\d{0,15})|-\d{1,15})")
MESSAGES = {
    "not_found": "Not found.",
    "token_invalid": "This link is not valid.",
    "token_expired": "This link has expired. Start the film again.",
    "no_entitlement": "Your account can no longer play this film.",
    "stream_limit": "Your plan is in use on another device.",
    "range_outside": "The requested range is past the end of the file.",
    "storage_unavailable": "Films cannot be loaded right now. Try again in a moment.",
    "method_not_allowed": "Use GET or HEAD.",
}
RETRY_AFTER_SECONDS = 5
Response = TypeVar("Response", bound=HttpResponseBase)
METHODS = ("GET", "HEAD", "OPTIONS")
Serve = Callable[..., HttpResponseBase]


def edge_view(serve: Serve) -> Serve:
    """Decorate a view to answer as the CDN's edge, errors included, for every origin."""

    @wraps(serve)
    def view(request: HttpRequest, **parts: str) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _open_to_all(HttpResponse(status=204))
        if request.method not in METHODS:
            return _refuse(405, "method_not_allowed", Allow=", ".join(METHODS))
        try:
            return _open_to_all(serve(request, **parts))
        except (storage.StorageError, DatabaseError):
            logger.exception("the edge cannot read storage or the database")
            return _refuse(503, "storage_unavailable", **{"Retry-After": str(RETRY_AFTER_SECONDS)})

    return view


@edge_view
def hls(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """Serve one object of the package that the token names."""
    try:
        opened = verify(token, now=timezone.now())
    except TokenRefusedError as exc:
        return _refuse(403, exc.code)
    state = edge_state(opened.session_id)
    if state != LIVE:
        return _refuse(403, state)
    # A trailer's token is shared by all viewers; it names the asset in place of a session.
    is_own = opened.session_id != opened.asset_id
    if is_own and not addresses.admit(opened.session_id, client_address(request)):
        return _refuse(403, "stream_limit")
    return _serve(request, key=opened.prefix + name, name=name, shared=False)


@edge_view
def public(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve a poster or another picture anyone may see."""
    return _serve(request, key=f"public/{name}", name=name, shared=True)


def _serve(request: HttpRequest, *, key: str, name: str, shared: bool) -> HttpResponseBase:
    match = NAME.fullmatch(name)
    content_type = CONTENT_TYPES.get(match[1]) if match else None
    if content_type is None:
        return _refuse(404, "not_found")
    # A Range header without a meaning is ignored (RFC 9110, 14.2).
    byte_range = request.headers.get("Range", "")
    bounds = RANGE.fullmatch(byte_range)
    if bounds is None or (bounds[2] and int(bounds[2]) < int(bounds[1])):
        byte_range = ""
    try:
        opened = _open(key, byte_range)
    except ObjectMissing:
        return _refuse(404, "not_found")
    except storage.RangeOutside:
        size = storage.head(key).size_bytes
        return _refuse(416, "range_outside", **{"Content-Range": f"bytes */{size}"})
    return _answer(request, opened, content_type=content_type, shared=shared)


def _open(key: str, byte_range: str) -> storage.OpenObject:
    """Open an object or a range of it. Raises ObjectMissing, RangeOutside, StorageError."""
    try:
        return storage.open_object(key, byte_range=byte_range)
    except storage.RangeOutside:
        # Some S3 servers refuse "the last 99 bytes" of a shorter object, which means all of it.
        if not byte_range.startswith("bytes=-") or not int(byte_range.removeprefix("bytes=-")):
            raise
        return storage.open_object(key, byte_range="bytes=0-")


def _answer(
    request: HttpRequest, opened: storage.OpenObject, *, content_type: str, shared: bool
) -> HttpResponseBase:
    headers: dict[str, Any] = {
        "Content-Type": content_type,
        "Content-Length": opened.size_bytes,
        "Accept-Ranges": "bytes",
        # The bytes of a URL never change; a token in it makes it private to the viewer.
        "Cache-Control": f"{'public' if shared else 'private'}, max-age=2592000, immutable",
    }
    if opened.content_range:
        headers["Content-Range"] = opened.content_range
    if opened.etag:
        headers["ETag"] = f'"{opened.etag}"'
    status = 206 if opened.content_range else 200
    if request.method == "HEAD":
        opened.close()
        return HttpResponse(status=status, headers=headers)
    if content_type.startswith(("application/", "text/")) and not opened.content_range:
        return HttpResponse(b"".join(_blocks(opened)), status=status, headers=headers)
    return StreamingHttpResponse(_blocks(opened), status=status, headers=headers)


def _blocks(opened: storage.OpenObject) -> Iterator[bytes]:
    try:
        yield from opened.blocks()
    finally:
        opened.close()


def _refuse(status: int, code: str, **headers: str) -> HttpResponse:
    message = MESSAGES.get(code, MESSAGES["no_entitlement"])
    answer = JsonResponse(body(status, message, code=code), status=status, headers=headers)
    return _open_to_all(answer)


def _open_to_all(response: Response) -> Response:
    """Allow every origin: no cookie has any effect here."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Headers"] = "Range"
    exposed = "Content-Length, Content-Range, Retry-After"
    response.headers["Access-Control-Expose-Headers"] = exposed
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response
