"""WSGI layer that lets web apps of other origins call the API (CORS).

Only with bearer tokens: no response allows credentials, and cookies from another origin are
dropped before any code reads them. The layer is in front of the public cache, whose bytes stay
the same for every origin.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

from kushfilms.core.public_cache.middleware import Application, StartResponse
from kushfilms.core.public_cache.request_key import Environ

ANY = "*"
BELOW = "/api/"
METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
ASKED_HEADERS = (
    "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, X-Device-Id, "
    "X-Profile, X-Request-Id"
)
EXPOSED_HEADERS = "ETag, Retry-After, X-Request-Id"
PREFLIGHT_SECONDS = "86400"
Headers = list[tuple[str, str]]


class CrossOrigin:
    """The layer. `origins` are `scheme://host[:port]`; `*` is every origin."""

    def __init__(self, application: Application, *, origins: Iterable[str]) -> None:
        self._application = application
        self._origins = frozenset(origin.rstrip("/").lower() for origin in origins)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not self._origins or not environ.get("PATH_INFO", "").startswith(BELOW):
            return self._application(environ, start_response)
        allowed = self._allowed(environ)
        if allowed:
            environ.pop("HTTP_COOKIE", None)
            is_options = environ["REQUEST_METHOD"] == "OPTIONS"
            if is_options and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ:
                preflight_headers = [
                    ("Access-Control-Allow-Origin", allowed),
                    ("Access-Control-Allow-Methods", METHODS),
                    ("Access-Control-Allow-Headers", ASKED_HEADERS),
                    ("Access-Control-Max-Age", PREFLIGHT_SECONDS),
                    ("Vary", "Origin"),
                    ("Content-Length", "0"),
                ]
                start_response("204 No Content", preflight_headers)
                return [b""]
        return self._application(environ, _with_headers(start_response, allowed))

    def _allowed(self, environ: Environ) -> str:
        """Return the value of Access-Control-Allow-Origin, or an empty string."""
        origin = environ.get("HTTP_ORIGIN", "")
        if not origin or urlsplit(origin).netloc.lower() == environ.get("HTTP_HOST", "").lower():
            return ""
        if ANY in self._origins:
            return ANY
        return origin if origin.lower() in self._origins else ""


def cross_origin_headers(environ: Environ, headers: Headers) -> Headers:
    """Return the headers of a response to `environ` with those that the layer adds."""
    recorded: Headers = []

    def application(_environ: Environ, start: StartResponse) -> list[bytes]:
        start("200 OK", headers)
        return []

    layer = CrossOrigin(application, origins=settings.CORS_ALLOWED_ORIGINS)
    layer(environ, lambda _status, added: recorded.extend(added))
    return recorded


def _with_headers(start_response: StartResponse, allowed: str) -> StartResponse:
    """Add CORS headers and `Vary: Origin`, also without an origin: caches reuse the response."""

    def start(status: str, headers: Headers, *rest: object) -> object:
        kept = [row for row in headers if row[0].lower() != "vary"]
        vary = [value for name, value in headers if name.lower() == "vary"]
        more = [("Vary", ", ".join([*vary, "Origin"]))]
        if allowed:
            more.append(("Access-Control-Allow-Origin", allowed))
            more.append(("Access-Control-Expose-Headers", EXPOSED_HEADERS))
        return start_response(status, [*kept, *more], *rest)

    return start
