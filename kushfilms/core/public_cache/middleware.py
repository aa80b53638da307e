"""WSGI layer that answers public reads from memory, renders misses once and passes on the rest.

It never looks at the person of a request: only views that give every client the same answer are
cached, and they declare it (`kept_in_memory`).
"""

import os
import threading
import time
from collections.abc import Callable, Collection, Iterable
from typing import Any

from kushfilms.core.client_ids import ASKER, CREDENTIALS
from kushfilms.core.context import HEADER
from kushfilms.core.public_cache import request_key
from kushfilms.core.public_cache.lru_store import CachedResponse, Store
from kushfilms.core.public_cache.memory import Entry, Memory
from kushfilms.core.public_cache.request_key import Environ
from kushfilms.core.public_cache.shortcuts import Shortcut, shortcut_for
from kushfilms.core.public_cache.shown import SHOWN, Shown

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

OF_THE_REPRESENTATION = {"content-length", "content-encoding", "etag", "vary", HEADER.lower()}
ENCODING = "Accept-Encoding"
# `Cache-Control` of public reads (`PublicRead`) and of pages (`public_page`).
SHARED = {"public, no-cache", "private, no-cache"}
# Writes after which a person looks at what they changed: the back office's, comments and ratings.
SEEN_AT_ONCE = ("/admin", "/api/v1/admin", "/movies/")


class PublicAnswers:
    """The layer around Django. While it cannot know of changes, all requests pass on."""

    def __init__(
        self, application: Application, *, memory: Memory, shortcuts: Collection[Shortcut] = ()
    ) -> None:
        self._application = application
        self._shortcuts = shortcuts
        self._listener = memory.changes
        self._memory = memory
        self._forget()
        # A forked child has its parent's locks but not its threads.
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._store = Store(self._memory)
        self._begin_lock = threading.Lock()
        self._begun = False

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
        key = request_key.key_of(environ)
        generation = self._listener.generation
        if key is None or generation is None:
            return self._application(environ, start_response)
        cached = self._store.get(key, _encoding_of(environ))
        if cached is not None:
            return self._answer(cached, environ, start_response)
        is_short = shortcut_for(environ, self._shortcuts) is not None
        if method == "GET" and (is_short or request_key.is_cacheable(environ["PATH_INFO"])):
            return self._rendered(key, environ, start_response, generation=generation)
        return self._application(environ, start_response)

    def from_memory(
        self, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes] | None:
        """Answer from memory alone, without any wait; None where that is not possible."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not self._begun:
            return None
        key = request_key.key_of(environ)
        generation = self._listener.generation
        if key is None or generation is None:
            return None
        cached = self._store.get(key, _encoding_of(environ))
        return self._answer(cached, environ, start_response) if cached else None

    def _write(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Pass a write on; when its author has the answer, this node knows of the change."""
        answer = self._application(environ, start_response)
        if environ.get("PATH_INFO", "").startswith(SEEN_AT_ONCE):
            self._listener.catch_up()
        return answer

    # ── Rendering ───────────────────────────────────────────────────────────────────────

    def _rendered(
        self, key: str, environ: Environ, start_response: StartResponse, *, generation: int
    ) -> Iterable[bytes]:
        """Wait for a rendering of this key in progress, or render it here."""
        encoding = _encoding_of(environ)
        render, is_first = self._store.join(key, generation=generation)
        if not is_first:
            cached = render.wait()
            if cached is None:  # an error; each request gets its own
                return self._application(environ, start_response)
            kept = self._store.get(key, encoding)
            return self._answer(kept or cached.encoded(encoding), environ, start_response)
        cached = None
        try:
            began = time.monotonic()
            shortcut = shortcut_for(environ, self._shortcuts)
            short = shortcut.response(environ) if shortcut else None
            recorder = ResponseRecorder() if short else _render(self._application, environ)
            response, shown = short or (recorder.cached(), recorder.shown)
            if response:
                if shortcut and not short:
                    shortcut.learn(environ, response)
                # If it shows the state before a change, its generation tells.
                entry = Entry(response, 0, generation, began + shown.seconds, shown.tags)
                cached = self._store.put(key, encoding, entry)
        finally:
            self._store.finish(key, render, cached, generation=generation)
        if cached is None:
            start_response(recorder.status, recorder.headers)
            return [recorder.body]
        return self._answer(cached, environ, start_response)

    # ── Answering ───────────────────────────────────────────────────────────────────────

    def _answer(
        self, cached: CachedResponse, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        encoding, body = cached.encoding, cached.body
        # The same content in other bytes: weak, as RFC 9110 8.8.1 requires.
        etag = f'W/"{cached.digest}"' if encoding else f'"{cached.digest}"'
        headers = [*cached.headers, ("ETag", etag)]
        headers.append((HEADER, request_key.request_id(environ)))
        if request_key.has_it(environ, cached.digest):
            bare = [row for row in headers if row[0].lower() != "content-type"]
            start_response("304 Not Modified", bare)
            return [b""]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        headers.append(("Content-Length", str(len(body))))
        start_response("200 OK", headers)
        return [body] if environ["REQUEST_METHOD"] == "GET" else [b""]


class ResponseRecorder:
    """The `start_response` of a rendering, which records its result."""

    def __init__(self) -> None:
        self.status = ""
        self.body = b""
        self.headers: list[tuple[str, str]] = []
        self.shown = Shown()

    def __call__(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        self.status = status
        self.headers = headers

    def cached(self) -> CachedResponse | None:
        """Return the response for the cache; None where it is not the same for all clients."""
        values = {name.lower(): value for name, value in self.headers}
        vary = values.get("vary", "")
        shared = values.get("cache-control") in SHARED
        # A page that reads the session or has a CSRF token varies by cookie.
        personal = "set-cookie" in values or "cookie" in vary.lower()
        if not self.status.startswith("200 ") or not shared or personal:
            return None
        if ENCODING not in vary:  # Django leaves it out of short answers, which it never encodes
            vary = ", ".join(filter(None, (ENCODING, vary)))
        headers = (row for row in self.headers if row[0].lower() not in OF_THE_REPRESENTATION)
        return CachedResponse.plain(self.body, (*headers, ("Vary", vary)))


def _render(application: Application, environ: Environ) -> ResponseRecorder:
    """Render the answer for every client whose request has this request's key."""
    plain = request_key.headers_for_all(environ)
    # For rate limits alone: a rendering for all clients must not depend on them.
    plain[ASKER] = {name: environ[name] for name in CREDENTIALS if name in environ}
    recorder = ResponseRecorder()
    answer = application(plain, recorder)
    try:
        recorder.body = b"".join(answer)
        recorder.shown = plain.get(SHOWN, recorder.shown)
    finally:
        close = getattr(answer, "close", None)
        if close:
            close()
    return recorder


def _encoding_of(environ: Environ) -> str:
    return request_key.encoding_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
