"""ASGI application around the WSGI application.

A WSGI server gives each request a thread from its headers to the last byte of its response, and a
thread that waits for a slow client serves no other. Here the event loop waits for clients in both
directions, and a thread is used only to make a response, or the next piece of one.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from kushfilms.core.body_guard.middleware import REFUSAL
from kushfilms.core.fast_path.responses import FastResponse
from kushfilms.core.front.bodies import Bodies, ClientGone
from kushfilms.core.front.environ import Environ, Scope, environ_of
from kushfilms.core.public_cache.middleware import Application, StartResponse

# Bytes of a response that a thread hands over in one piece: most responses are one piece.
PIECE_BYTES = 256 * 1024
Headers = list[tuple[str, str]]
# A response that the event loop itself makes.
AtOnce = Callable[[], tuple[int, bytes]]
FromMemory = Callable[[Environ, StartResponse], Iterable[bytes] | None]
InBatches = Callable[[Environ], Awaitable[FastResponse | None]]


async def pass_on(_environ: Environ) -> FastResponse | None:
    return None


@dataclass
class _Answer:
    """A WSGI response under way, with its first piece."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    pieces: Iterator[bytes] = field(default_factory=lambda: iter(()))
    close: Callable[[], None] = lambda: None
    first: bytes = b""
    whole: bool = False

    def start(self, status: str, headers: Headers, *_: object) -> None:
        self.status = int(status[:3])
        self.headers = headers


class Front:
    """The application.

    `at_once` are responses by path that are needed even when every thread is busy. `from_memory`
    answers a request that needs no waiting, `in_batches` one that waits together with others like
    it; they return None to leave the request to a thread.
    """

    def __init__(
        self,
        application: Application,
        *,
        threads: int,
        patience_seconds: float,
        at_once: dict[str, AtOnce] | None = None,
        from_memory: FromMemory = lambda _environ, _start: None,
        in_batches: InBatches = pass_on,
    ) -> None:
        self._application = application
        self._at_once = at_once or {}
        self._from_memory = from_memory
        self._in_batches = in_batches
        self._bodies = Bodies(patience_seconds=patience_seconds)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="web")

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return await _live(receive, send)
        if scope["type"] != "http":
            return None
        if answer := self._at_once.get(scope["path"]):
            return await _send_json(send, *answer())
        environ = environ_of(scope)
        try:
            refusal = await self._bodies.take(environ, receive)
        except ClientGone:
            return None
        if refusal:
            environ[REFUSAL] = refusal
        elif await self._sent_without_thread(environ, send):
            return None
        return await self._serve(environ, send)

    async def _sent_without_thread(self, environ: Environ, send: Any) -> bool:
        """Answer from memory or in a batch; return whether that was possible."""
        cached = _Answer()
        blocks = self._from_memory(environ, cached.start)
        if blocks is not None:
            await _send_whole(send, cached.status, cached.headers, b"".join(blocks))
            return True
        response = await self._in_batches(environ)
        if response is None:
            return False
        await _send_whole(send, response.status, response.headers, response.body)
        return True

    async def _serve(self, environ: Environ, send: Any) -> None:
        run = asyncio.get_running_loop().run_in_executor
        answer = await run(self._threads, _begin, self._application, environ)
        try:
            # The rest of a refused body would be read as the next request.
            extra = [("Connection", "close")] if REFUSAL in environ else []
            await _send_head(send, answer.status, [*answer.headers, *extra])
            piece = answer.first
            whole = answer.whole
            while not whole:
                await _send_body(send, piece, more=True)
                piece, whole = await run(self._threads, _next_piece, answer.pieces)
            await _send_body(send, piece, more=False)
        finally:
            if not answer.whole:
                await run(self._threads, answer.close)


async def _send_whole(send: Any, status: int, headers: Headers, body: bytes) -> None:
    await _send_head(send, status, headers)
    await _send_body(send, body, more=False)


def _begin(application: Application, environ: Environ) -> _Answer:
    answer = _Answer()
    made: Iterable[bytes] = application(environ, answer.start)
    answer.pieces, answer.close = iter(made), getattr(made, "close", answer.close)
    try:
        answer.first, answer.whole = _next_piece(answer.pieces)
    except BaseException:
        answer.close()
        raise
    if answer.whole:
        answer.close()
    return answer


def _next_piece(blocks: Iterator[bytes]) -> tuple[bytes, bool]:
    """Return the next blocks as one, and whether they are the last."""
    piece = bytearray()
    for block in blocks:
        piece += block
        if len(piece) >= PIECE_BYTES:
            return bytes(piece), False
    return bytes(piece), True


async def _live(receive: Any, send: Any) -> None:
    for step in itertools.cycle(("startup", "shutdown")):
        await receive()
        await send({"type": f"lifespan.{step}.complete"})
        if step == "shutdown":
            return


async def _send_json(send: Any, status: int, body: bytes) -> None:
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    await _send_whole(send, status, headers, body)


async def _send_head(send: Any, status: int, headers: Headers) -> None:
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def _send_body(send: Any, body: bytes, *, more: bool) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})
