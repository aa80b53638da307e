"""Responses of the fast path, with the headers that Django's middleware gives them."""

from dataclasses import dataclass
from functools import cache

import brotli
from csp.utils import build_policy
from django.conf import settings
from django.middleware.gzip import GZipMiddleware
from django.utils.text import compress_string

from kushfilms.core.api.errors import error_body
from kushfilms.core.api.renderers import json_bytes
from kushfilms.core.context import HEADER
from kushfilms.core.errors import Denied
from kushfilms.core.fast_path.requests import JSON, FastRequest
from kushfilms.core.middleware import QUALITY_OF_JSON, PermissionsPolicyMiddleware
from kushfilms.core.private_answers import PRIVATE
from kushfilms.core.public_cache.lru_store import WORTH_COMPRESSING
from kushfilms.core.public_cache.request_key import encoding_of, request_id

Headers = list[tuple[str, str]]


@dataclass(slots=True)
class FastResponse:
    status: int
    headers: Headers
    body: bytes


def json_response(request: FastRequest, answer: bytes | Denied, *, allow: str) -> FastResponse:
    """Return a JSON body or a refusal as a response, compressed where the client accepts it."""
    status = answer.status if isinstance(answer, Denied) else 200
    body = json_bytes(error_body(answer)) if isinstance(answer, Denied) else answer
    environ = request.environ
    has_cookie = "HTTP_COOKIE" in environ
    vary = ["Cookie"] if has_cookie else []
    headers = list(_constant_headers(allow, is_secure=request.is_secure, is_page=has_cookie))
    headers.append((HEADER, request_id(environ)))
    if len(body) >= WORTH_COMPRESSING:
        vary.append("Accept-Encoding")
        encoding = encoding_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
        compressed = _compressed(body, encoding)
        if len(compressed) < len(body):
            headers.append(("Content-Encoding", encoding))
            body = compressed
    if vary:
        headers.append(("Vary", ", ".join(vary)))
    headers.append(("Content-Length", str(len(body))))
    return FastResponse(status, headers, body)


def _compressed(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, quality=QUALITY_OF_JSON))
    if encoding == "gzip":
        return compress_string(body, max_random_bytes=GZipMiddleware.max_random_bytes)
    return body


@cache
def _constant_headers(allow: str, *, is_secure: bool, is_page: bool) -> Headers:
    """Return the headers that depend on nothing else; `is_page`: requested by the site's pages."""
    headers = [
        ("Content-Type", JSON),
        ("Allow", allow),
        ("Cache-Control", PRIVATE),
        ("Permissions-Policy", PermissionsPolicyMiddleware.POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
    ]
    if is_page:
        policy = build_policy(config=settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
        headers.append(("Content-Security-Policy", policy))
        headers.append(("X-Frame-Options", settings.X_FRAME_OPTIONS))
    if is_secure and settings.SECURE_HSTS_SECONDS:
        subdomains = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
        age = f"max-age={settings.SECURE_HSTS_SECONDS}{subdomains}"
        headers.append(("Strict-Transport-Security", age))
    return headers
