"""Whole responses in memory: bounded in size, each rendered once for all requests that wait."""

import gzip
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import brotli
from cachetools import LRUCache

Headers = list[tuple[str, str]]
# Bodies shorter than this do not shrink.
WORTH_COMPRESSING = 200
# Memory of an entry besides its bytes, roughly.
OVERHEAD_BYTES = 2000
LONGEST_WAIT_SECONDS = 15.0
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}


@dataclass
class CachedResponse:
    """A response with status 200. Its encodings are made at first use and kept with it."""

    body: bytes
    headers: Headers  # without those of the representation: length, encoding, ETag
    generation: int
    until: float  # of the monotonic clock
    digest: str = ""
    encoded: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.digest = hashlib.blake2b(self.body, digest_size=12).hexdigest()

    def bytes_in(self, encoding: str) -> tuple[str, bytes]:
        """Return the encoding and the body in it, or the plain body where that is shorter."""
        if encoding not in ENCODERS or len(self.body) < WORTH_COMPRESSING:
            return "", self.body
        if encoding not in self.encoded:  # two threads at once make the same bytes
            self.encoded[encoding] = ENCODERS[encoding](self.body)
        return encoding, self.encoded[encoding]

    @property
    def size(self) -> int:
        # Counted as if all encodings existed, so that the bound holds for any request to come.
        return 2 * len(self.body) + OVERHEAD_BYTES


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
    """Responses by key; the least recently used ones are dropped when the bytes run out."""

    def __init__(self, *, most_bytes: int) -> None:
        self._lock = threading.Lock()
        self._responses: LRUCache[str, CachedResponse] = LRUCache(
            most_bytes, getsizeof=lambda response: response.size
        )
        self._renders: dict[tuple[str, int], Render] = {}

    def get(self, key: str, *, generation: int, now: float) -> CachedResponse | None:
        with self._lock:
            response = self._responses.get(key)
            if response is None:
                return None
            if response.generation != generation or now >= response.until:
                del self._responses[key]
                return None
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

    def put(self, key: str, response: CachedResponse) -> None:
        with self._lock:
            self._responses.pop(key, None)
            if response.size <= self._responses.maxsize:
                self._responses[key] = response
