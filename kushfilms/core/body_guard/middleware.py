"""WSGI layer that bounds the size of request bodies before Django reads them.

It serves installations that run `kushfilms.wsgi` behind a buffering proxy. In front of
`kushfilms.asgi`, `kushfilms.core.front` has already read the body, within bounds of time as well.
"""

import io
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from kushfilms.core.body_guard.limits import body_limit, default_limit
from kushfilms.core.public_cache.middleware import Application, StartResponse
from kushfilms.core.public_cache.request_key import Environ

# Key in the environ of the `BodyRefusal` that Django answers with.
REFUSAL = "kushfilms.body_refusal"
WITHOUT_BODY = {"GET", "HEAD", "OPTIONS", "TRACE"}
BUSY_RETRY_SECONDS = 5
BLOCK_BYTES = 64 * 1024
# Larger bodies are on disk while they are read and used.
KEPT_IN_MEMORY = 1024**2


@dataclass(frozen=True)
class BodyRefusal:
    """Refusal of a body: `status` is 400, 408, 413 or 503; `limit` in bytes goes with 413."""

    status: int
    limit: int = 0


def refusal_ahead(environ: Environ) -> BodyRefusal | None:
    """Return the refusal that follows from the request's headers, before reading, or None."""
    length = announced_length(environ)
    limit = default_limit()
    if length is None:
        return None
    if length < 0:
        return BodyRefusal(400)
    if length > limit and environ["REQUEST_METHOD"] not in WITHOUT_BODY:
        limit = body_limit(environ.get("PATH_INFO", ""))
    return BodyRefusal(413, limit) if length > limit else None


def announced_length(environ: Environ) -> int | None:
    """Return the announced length; None for a chunked body, -1 for an invalid header."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    announced = environ.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isascii() and announced.isdigit() else -1


def has_body(environ: Environ) -> bool:
    return environ["REQUEST_METHOD"] not in WITHOUT_BODY and announced_length(environ) != 0


def give_body(environ: Environ, body: IO[bytes], size: int) -> None:
    """Replace the request's body by one of known length."""
    body.seek(0)
    environ["wsgi.input"] = body
    environ["CONTENT_LENGTH"] = str(size)
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def spool() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)


class BodyGuard:
    """The layer around every reader of bodies."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        refusal = refusal_ahead(environ)
        if refusal is None and has_body(environ) and announced_length(environ) is None:
            refusal = _read_open_ended(environ)
        elif refusal or not has_body(environ):
            give_body(environ, io.BytesIO(), 0)
        if refusal is None:
            return self._application(environ, start_response)
        environ[REFUSAL] = refusal
        return self._application(environ, closing(start_response))


def _read_open_ended(environ: Environ) -> BodyRefusal | None:
    """Read a body of unknown length, up to its limit; return a refusal beyond it."""
    limit = body_limit(environ.get("PATH_INFO", ""))
    size = 0
    body = spool()
    while block := environ["wsgi.input"].read(min(BLOCK_BYTES, limit + 1 - size)):
        size += len(block)
        if size > limit:
            give_body(environ, io.BytesIO(), 0)
            return BodyRefusal(413, limit)
        body.write(block)
    give_body(environ, body, size)
    return None


def closing(start_response: StartResponse) -> StartResponse:
    """Close the connection after the response: the rest of the body is not the next request."""

    def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
        return start_response(status, [*headers, ("Connection", "close")], *rest)

    return start
