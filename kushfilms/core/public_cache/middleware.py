"""The WSGI layer: answers what it has, has the rest rendered once, and passes on what is not its.

It never looks at who asks: the views it keeps answer everybody the same, and say so.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from kushfilms.core.client_ids import ASKER, CREDENTIALS
from kushfilms.core.context import HEADER
from kushfilms.core.public_cache import request_key
from kushfilms.core.public_cache.listener import ChangeListener
from kushfilms.core.public_cache.lru_store import Headers, Kept, Store
from kushfilms.core.public_cache.request_key import Environ

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# Licence windows open and close without a change to any row, and counters move without a word.
LIFETIME_SECONDS = 60.0
# What a rendering for everybody must not hang on.
OF_THE_ASKER = (
    "HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT_LANGUAGE", "HTTP_AUTHORIZATION", "HTTP_COOKIE",
    "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_RANGE",
)  # fmt: skip
OF_THE_REPRESENTATION = {
    "content-length", "content-encoding", "content-language", "etag", "vary", HEADER.lower(),
}  # fmt: skip
BACK_OFFICE = ("/admin", "/api/v1/admin")


class PublicAnswers:
    """Around Django. `listener` tells of changes; while it cannot, everything is passed on."""

    def __init__(
        self, application: Application, *, listener: ChangeListener, most_bytes: int
    ) -> None:
        self._application, self._listener = application, listener
        self._most_bytes = most_bytes
        vary = ["Accept-Encoding", *([settings.COUNTRY_HEADER] if settings.COUNTRY_HEADER else [])]
        self._vary = ("Vary", ", ".join(vary))
        self._forget()
        # A forked child has its parent's locks but not its threads.
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._store = Store(most_bytes=self._most_bytes)
        self._begin_lock, self._begun = threading.Lock(), False

    def _begin(self) -> None:
        with self._begin_lock:
            if not self._begun:
                self._listener.start()
                self._begun = True

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not self._begun:
            self._begin()
        method = environ["REQUEST_METHOD"]
        if method not in {"GET", "HEAD"}:
            return self._write(environ, start_response)
        key, generation = request_key.key_of(environ), self._listener.generation
        if key is None or generation is None:
            return self._application(environ, start_response)
        kept = self._store.get(key, generation=generation, now=time.monotonic())
        if kept is None and method == "GET" and request_key.is_kept(environ["PATH_INFO"]):
            return self._rendered(key, environ, start_response, generation=generation)
        if kept is None:
            return self._application(environ, start_response)
        return self._answer(kept, environ, start_response)

    def kept(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes] | None:
        """Answer from memory alone, without waiting for anything. None: it is not there."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not self._begun:
            return None
        key, generation = request_key.key_of(environ), self._listener.generation
        if key is None or generation is None:
            return None
        kept = self._store.get(key, generation=generation, now=time.monotonic())
        return self._answer(kept, environ, start_response) if kept else None

    def _write(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Staff see here what they did here, even before their own notification comes."""
        answer = self._application(environ, start_response)
        if environ.get("PATH_INFO", "").startswith(BACK_OFFICE):
            self._listener.changed()
        return answer

    # ── Having it rendered ──────────────────────────────────────────────────────────────

    def _rendered(
        self, key: str, environ: Environ, start_response: StartResponse, *, generation: int
    ) -> Iterable[bytes]:
        """By whoever is at it already, or here."""
        flight, mine = self._store.board(key, generation=generation)
        if not mine:
            kept = flight.wait()
            if kept is None:  # an error, which is everyone's own
                return self._application(environ, start_response)
            return self._answer(kept, environ, start_response)
        kept = None
        try:
            began = time.monotonic()
            told = self._render(environ)
            kept = told.kept(generation=generation, until=began + LIFETIME_SECONDS)
            # What was begun before a change may be of before it.
            if kept and self._listener.generation == generation:
                self._store.put(key, kept)
        finally:
            self._store.land(key, flight, kept, generation=generation)
        if kept is None:
            start_response(told.status, told.headers)
            return [told.body]
        return self._answer(kept, environ, start_response)

    def _render(self, environ: Environ) -> "_Told":
        told = _Told()
        plain = {name: value for name, value in environ.items() if name not in OF_THE_ASKER}
        # For rate limits alone: a rendering for everybody must not hang on them.
        plain[ASKER] = {name: environ[name] for name in CREDENTIALS if name in environ}
        answer = self._application(plain, told)
        try:
            told.body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close:
                close()
        return told

    # ── Answering ───────────────────────────────────────────────────────────────────────

    def _answer(
        self, kept: Kept, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        wanted = request_key.encoding_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
        encoding, body = kept.bytes_in(wanted)
        # The same meaning in other bytes: weak, as RFC 9110 8.8.1 asks.
        etag = f'W/"{kept.digest}"' if encoding else f'"{kept.digest}"'
        headers = [*kept.headers, self._vary, ("ETag", etag)]
        headers.append((HEADER, request_key.request_id(environ)))
        if request_key.has_it(environ, kept.digest):
            bare = [row for row in headers if row[0].lower() != "content-type"]
            start_response("304 Not Modified", bare)
            return [b""]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        headers.append(("Content-Length", str(len(body))))
        start_response("200 OK", headers)
        return [body] if environ["REQUEST_METHOD"] == "GET" else [b""]


class _Told:
    """`start_response` of a rendering, and what came of it."""

    def __init__(self) -> None:
        self.status, self.body = "", b""
        self.headers: Headers = []

    def __call__(self, status: str, headers: Headers, _exc_info: Any = None) -> None:
        self.status, self.headers = status, headers

    def kept(self, *, generation: int, until: float) -> Kept | None:
        """None: not for everybody."""
        known = {name.lower(): value for name, value in self.headers}
        public = known.get("cache-control", "").startswith("public")
        if not (self.status.startswith("200 ") and public) or "set-cookie" in known:
            return None
        headers = [row for row in self.headers if row[0].lower() not in OF_THE_REPRESENTATION]
        return Kept(self.body, headers, generation=generation, until=until)
