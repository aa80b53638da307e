"""Request bodies, read by the event loop within bounds of size, time and number."""

import asyncio
import io
from typing import IO, Any

from kushfilms.core.body_guard.limits import body_limit
from kushfilms.core.body_guard.middleware import (
    BodyRefusal,
    announced_length,
    give_body,
    has_body,
    refusal_ahead,
    spool,
)
from kushfilms.core.front.environ import Environ

SLOWEST_BYTES_A_SECOND = 16 * 1024
# Bodies being read in one process. Each takes at most its limit on disk, and no thread.
MOST_AT_ONCE = 256


class ClientGone(Exception):
    """The client disconnected before its request was complete."""


class Bodies:
    """The bodies being read in one process, by one event loop, so counting needs no lock."""

    def __init__(self, *, patience_seconds: float, most_at_once: int = MOST_AT_ONCE) -> None:
        self._patience = patience_seconds
        self._most = most_at_once
        self._count = 0

    async def take(self, environ: Environ, receive: Any) -> BodyRefusal | None:
        """Put the whole body into the environ, or return a refusal. Raises ClientGone."""
        refusal = refusal_ahead(environ)
        if refusal or not has_body(environ):
            give_body(environ, io.BytesIO(), 0)
            return refusal
        if self._count >= self._most:
            give_body(environ, io.BytesIO(), 0)
            return BodyRefusal(503)
        self._count += 1
        try:
            return await self._read(environ, receive)
        finally:
            self._count -= 1

    async def _read(self, environ: Environ, receive: Any) -> BodyRefusal | None:
        length = announced_length(environ)
        limit = length if length is not None else body_limit(environ["PATH_INFO"])
        body = spool()
        try:
            async with asyncio.timeout(self._patience + limit / SLOWEST_BYTES_A_SECOND):
                size = await _read_into(body, receive, limit=limit)
        except TimeoutError:
            give_body(environ, io.BytesIO(), 0)
            return BodyRefusal(408)
        if size > limit or (length is not None and size < length):
            give_body(environ, io.BytesIO(), 0)
            return BodyRefusal(413, limit) if size > limit else BodyRefusal(400)
        give_body(environ, body, size)
        return None


async def _read_into(body: IO[bytes], receive: Any, *, limit: int) -> int:
    """Read a body into a file and return its size; stop as soon as it exceeds the limit."""
    size = 0
    more = True
    while more and size <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        block = message.get("body", b"")
        size += len(block)
        if size <= limit:
            body.write(block)
        more = message.get("more_body", False)
    return size
