"""Whole responses in memory, each rendered once for all requests that wait for it."""

import gzip
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import brotli

from kushfilms.core.public_cache.memory import Entry, Memory

Headers = tuple[tuple[str, str], ...]
# Bodies shorter than this do not shrink.
WORTH_COMPRESSING = 200
LONGEST_WAIT_SECONDS = 15.0
PLAIN = ""
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    PLAIN: bytes,
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    PLAIN: bytes,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}


@lru_cache(maxsize=256)
def _once(headers: Headers) -> Headers:
    """Return these headers as one object: nearly all answers have the same."""
    return headers


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A response with status 200, its body in one encoding."""

    body: bytes
    headers: Headers  # without those of the representation: length, encoding, ETag
    digest: str  # of the plain body
    encoding: str = PLAIN

    @classmethod
    def plain(cls, body: bytes, headers: Headers) -> "CachedResponse":
        digest = hashlib.blake2b(body, digest_size=12).hexdigest()
        return cls(body, _once(headers), digest)

    def encoded(self, encoding: str) -> "CachedResponse":
        """Return it in another encoding, or plain where that is shorter."""
        plain = DECODERS[self.encoding](self.body)
        if len(plain) < WORTH_COMPRESSING:
            encoding = PLAIN
        return CachedResponse(ENCODERS[encoding](plain), self.headers, self.digest, encoding)


class Render:
    """A rendering under way that other requests wait for."""

    def __init__(self) -> None:
        self._finished = threading.Event()
        self._response: CachedResponse | None = None

    def finish(self, response: CachedResponse | None) -> None:
        self._response = response
        self._finished.set()

    def wait(self) -> CachedResponse | None:
        """Return the response; None where the rendering failed or took too long."""
        self._finished.wait(LONGEST_WAIT_SECONDS)
        return self._response


class Store:
    """Responses by key and encoding, each in the encodings that clients asked for.

    Most clients take Brotli, in which a body has a third of its size.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._lock = threading.Lock()
        self._renders: dict[tuple[str, int], Render] = {}

    def get(self, key: str, encoding: str) -> CachedResponse | None:
        """Return the response in an encoding, made of another one where need be."""
        for held in (encoding, *ENCODERS):
            if entry := self._memory.entry((key, held)):
                response: CachedResponse = entry.value
                return response if held == encoding else self.put(key, encoding, entry)
        return None

    def put(self, key: str, encoding: str, entry: Entry) -> CachedResponse:
        """Keep the entry's response in this encoding, and return it."""
        response: CachedResponse = entry.value.encoded(encoding)
        self._memory.put((key, encoding), replace(entry, value=response, size=len(response.body)))
        return response

    def join(self, key: str, *, generation: int) -> tuple[Render, bool]:
        """Return the rendering under way for a key, and whether the caller has to do it.

        A request that comes after a change joins another rendering than one from before it.
        """
        with self._lock:
            if render := self._renders.get((key, generation)):
                return render, False
            render = self._renders[key, generation] = Render()
            return render, True

    def finish(
        self, key: str, render: Render, response: CachedResponse | None, *, generation: int
    ) -> None:
        with self._lock:
            self._renders.pop((key, generation), None)
        render.finish(response)
