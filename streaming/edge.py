"""The edge of the embedded run: checks a stream token and serves what it opens.

In production a CDN does this (deploy/edge/worker.js) and Django never carries a film. Here the
same tokens are checked the same way, so they are real everywhere. No redirects and no cookies:
HLS forbids the one for media, TVs lack the other.
"""

import re
from collections.abc import Iterator
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kushfilms.core import storage
from kushfilms.core.api.errors import body
from kushfilms.core.storage import ObjectMissing
from streaming.services.playback import LIVE, edge_state
from streaming.signing import TokenRefusedError, verify

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
# Names our packager gives. No dots but the last, no escapes: nothing to climb with.
NAME = re.compile(r"(?:[A-Za-z0-9_-]+/){0,3}[A-Za-z0-9_-]+\.([a-z0-9]{2,4})")
RANGE = re.compile(r"bytes=(?:\d{1,15}-\d{0,15}|-\d{1,15})")
MESSAGES = {
    "token_invalid": "This link is not valid.",
    "token_expired": "This link has run out. Ask for a new one.",
    "no_entitlement": "Your account no longer plays this film.",
    "stream_limit": "Your plan is playing on another device.",
}
Response = TypeVar("Response", bound=HttpResponseBase)
METHODS = ("GET", "HEAD", "OPTIONS")


@require_http_methods(METHODS)
def hls(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """One object of the package that the token names."""
    if request.method == "OPTIONS":
        return _open_to_all(HttpResponse(status=204))
    try:
        opened = verify(token, now=timezone.now())
    except TokenRefusedError as exc:
        return _refuse(exc.code)
    state = edge_state(opened.session_id)
    if state != LIVE:
        return _refuse(state)
    return _open_to_all(_serve(request, key=opened.prefix + name, name=name, shared=False))


@require_http_methods(METHODS)
def public(request: HttpRequest, name: str) -> HttpResponseBase:
    """A poster or another picture anyone may see."""
    return _open_to_all(_serve(request, key=f"public/{name}", name=name, shared=True))


def _serve(request: HttpRequest, *, key: str, name: str, shared: bool) -> HttpResponseBase:
    match = NAME.fullmatch(name)
    content_type = CONTENT_TYPES.get(match[1]) if match else None
    if content_type is None:
        return _not_found()
    asked = request.headers.get("Range", "")
    byte_range = asked if RANGE.fullmatch(asked) else ""
    try:
        found = storage.open_object(key, byte_range=byte_range)
    except ObjectMissing:
        return _not_found()
    except storage.RangeOutside:
        return HttpResponse(status=416)
    return _answer(request, found, content_type=content_type, shared=shared)


def _answer(
    request: HttpRequest, found: storage.OpenObject, *, content_type: str, shared: bool
) -> HttpResponseBase:
    headers: dict[str, Any] = {
        "Content-Type": content_type,
        "Content-Length": found.size_bytes,
        "Accept-Ranges": "bytes",
        # The URL never means other bytes; a token in it makes it the viewer's own.
        "Cache-Control": f"{'public' if shared else 'private'}, max-age=2592000, immutable",
    }
    if found.content_range:
        headers["Content-Range"] = found.content_range
    if found.etag:
        headers["ETag"] = f'"{found.etag}"'
    status = 206 if found.content_range else 200
    if request.method == "HEAD":
        found.close()
        return HttpResponse(status=status, headers=headers)
    if content_type.startswith(("application/", "text/")) and not found.content_range:
        return HttpResponse(b"".join(_blocks(found)), status=status, headers=headers)
    return StreamingHttpResponse(_blocks(found), status=status, headers=headers)


def _blocks(found: storage.OpenObject) -> Iterator[bytes]:
    try:
        yield from found.blocks()
    finally:
        found.close()


def _refuse(code: str) -> HttpResponse:
    message = MESSAGES.get(code, MESSAGES["no_entitlement"])
    return _open_to_all(JsonResponse(body(403, message, code=code), status=403))


def _not_found() -> HttpResponse:
    return _open_to_all(JsonResponse(body(404, "There is nothing here."), status=404))


def _open_to_all(response: Response) -> Response:
    """Players on other origins read this; no cookie ever counts here, so any origin may."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Headers"] = "Range"
    response.headers["Access-Control-Expose-Headers"] = "Content-Length, Content-Range"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response
