"""Requests that the fast path may answer, read from their WSGI environ."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http.request import split_domain_port, validate_host

Environ = dict[str, Any]
JSON = "application/json"
ACCEPTED = frozenset({"", "*/*", JSON, f"{JSON}, */*", f"{JSON}, text/plain, */*"})
# Largest body of a route: a heartbeat takes a hundred bytes.
MOST_BODY_BYTES = 4096
DEBUG_HOSTS = [".localhost", "127.0.0.1", "[::1]"]


@dataclass(slots=True)
class FastRequest:
    """A request of one route. `reference` is the variable part of its path.

    `origin` is the scheme and host that the client called; `counted` are the rate limit windows
    that the request is counted in, with their counts.
    """

    environ: Environ
    reference: str
    body: bytes
    origin: str
    is_secure: bool
    counted: dict[str, int] | None = None

    def absolute(self, path: str) -> str:
        """Return the URL of a path on the host that the client called."""
        return f"{self.origin}{path}" if path.startswith("/") else path


def read_request(environ: Environ, reference: str) -> FastRequest | None:
    """Return the request, or None where anything about it is unusual."""
    # `CrossOrigin` takes cookies out of another origin's request, before anything reads them.
    may_be_foreign = settings.CORS_ALLOWED_ORIGINS and "HTTP_ORIGIN" in environ
    is_unusual = environ["QUERY_STRING"] or environ.get("HTTP_ACCEPT", "") not in ACCEPTED
    if is_unusual or (may_be_foreign and "HTTP_COOKIE" in environ):
        return None
    is_secure = _is_secure(environ)
    if settings.SECURE_SSL_REDIRECT and not is_secure:
        return None
    host = environ.get("HTTP_HOST", "")
    if not _is_ours(host):
        return None
    body = b""
    if environ["REQUEST_METHOD"] != "GET":
        if environ.get("CONTENT_TYPE") != JSON:
            return None
        body = environ["wsgi.input"].read(MOST_BODY_BYTES + 1)
        environ["wsgi.input"].seek(0)
        if len(body) > MOST_BODY_BYTES:
            return None
    origin = f"{'https' if is_secure else 'http'}://{host}"
    return FastRequest(environ, reference, body, origin, is_secure)


def _is_secure(environ: Environ) -> bool:
    """Return what `HttpRequest.is_secure` returns."""
    if settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        if name in environ:
            return bool(environ[name].split(",", 1)[0].strip() == value)
    return bool(environ["wsgi.url_scheme"] == "https")


@lru_cache(maxsize=64)
def _is_ours(host: str) -> bool:
    """Return whether Django accepts this host, and writes it into links as it is."""
    domain, _port = split_domain_port(host)
    allowed = settings.ALLOWED_HOSTS or (DEBUG_HOSTS if settings.DEBUG else [])
    return bool(domain) and validate_host(domain, allowed) and quote(host, safe=":[].-") == host
