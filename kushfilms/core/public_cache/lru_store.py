"""Whole answers in memory: bounded, each rendered once however many wait for it."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import brotli

Headers = list[tuple[str, str]]
# Shorter than this, compressing saves nothing.
WORTH_COMPRESSING = 200
# What an entry takes besides its bytes, roughly.
OVERHEAD_BYTES = 2000
LONGEST_WAIT_SECONDS = 15.0
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}


@dataclass
class Kept:
    """An answer of 200. Its encodings are made when first asked for, and kept with it."""

    body: bytes
    headers: Headers  # but those of the representation: length, encoding, ETag
    generation: int
    until: float  # of the monotonic clock
    digest: str = ""
    encoded: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.digest = hashlib.blake2b(self.body, digest_size=12).hexdigest()

    def bytes_in(self, encoding: str) -> tuple[str, bytes]:
        """The body in that encoding, or as it is where that is shorter."""
        if encoding not in ENCODERS or len(self.body) < WORTH_COMPRESSING:
            return "", self.body
        if encoding not in self.encoded:  # twice at once makes the same bytes
            self.encoded[encoding] = ENCODERS[encoding](self.body)
        return encoding, self.encoded[encoding]

    @property
    def size(self) -> int:
        # As if it had all its encodings already, so that the bound holds whatever is asked.
        return 2 * len(self.body) + OVERHEAD_BYTES


class Flight:
    """One rendering that others wait for."""

    def __init__(self) -> None:
        self._landed = threading.Event()
        self._kept: Kept | None = None

    def land(self, kept: Kept | None) -> None:
        self._kept = kept
        self._landed.set()

    def wait(self) -> Kept | None:
        """None: it came to nothing, or took too long."""
        self._landed.wait(LONGEST_WAIT_SECONDS)
        return self._kept


class Store:
    """Answers by key, the least lately used ones going first when there is no room."""

    def __init__(self, *, most_bytes: int) -> None:
        self._most, self._bytes = most_bytes, 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._flights: dict[tuple[str, int], Flight] = {}

    def get(self, key: str, *, generation: int, now: float) -> Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            if kept.generation != generation or now >= kept.until:
                self._drop(key)
                return None
            self._kept.move_to_end(key)
            return kept

    def board(self, key: str, *, generation: int) -> tuple[Flight, bool]:
        """The rendering under way for a key, and whether it is the caller who has to do it.

        Whoever comes after a change boards another than who came before.
        """
        with self._lock:
            if flight := self._flights.get((key, generation)):
                return flight, False
            flight = self._flights[key, generation] = Flight()
            return flight, True

    def land(self, key: str, flight: Flight, kept: Kept | None, *, generation: int) -> None:
        with self._lock:
            self._flights.pop((key, generation), None)
        flight.land(kept)

    def put(self, key: str, kept: Kept) -> None:
        with self._lock:
            self._drop(key)
            if kept.size > self._most:
                return
            self._kept[key] = kept
            self._bytes += kept.size
            while self._bytes > self._most:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: str) -> None:
        if kept := self._kept.pop(key, None):
            self._bytes -= kept.size
