"""Parts of answers in memory, shared by all viewers and used in the lists of each."""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from typing import Generic, TypeVar

from kushfilms.core.public_cache.listener import ChangeListener, catalogue_changes

Key = TypeVar("Key")
Value = TypeVar("Value")

# Longer than a whole answer: of these values only a card's stars change without a notification,
# and a viewer who scrolls through their own list has seen them before
# (docs/adr/0007-public-reads.md).
LIFETIME_SECONDS = 600.0


class Memo(Generic[Key, Value]):
    """Values of `load` by key, until the catalogue changes; at most `most` of them.

    Values are shared by all requests, so a caller must not change them. A key that `load` leaves
    out is loaded again next time. While it cannot be known whether the catalogue has changed,
    every call loads.
    """

    # Not cachetools.TTLCache: it needs a lock for a read, and a list of twenty cards reads twenty.

    def __init__(
        self,
        load: Callable[[Collection[Key]], Mapping[Key, Value]],
        *,
        most: int,
        changes: Callable[[], ChangeListener] = catalogue_changes,
    ) -> None:
        self._load = load
        self._most = most
        self._changes = changes
        self._lock = threading.Lock()
        self._generation = 0
        self._values: dict[Key, tuple[float, Value]] = {}  # each with the end of its life

    def get(self, keys: Collection[Key]) -> dict[Key, Value]:
        generation = self._changes().generation
        if generation is None:
            return dict(self._load(keys))
        now = time.monotonic()
        values = self._values if self._generation == generation else {}
        rows = {key: values.get(key) for key in keys}
        found = {key: row[1] for key, row in rows.items() if row and row[0] > now}
        missing = [key for key in rows if key not in found]
        if missing:
            loaded = self._load(missing)
            # A value read before a change may be the one from before it.
            if self._changes().generation == generation:
                self._store(loaded, generation=generation, until=now + LIFETIME_SECONDS)
            found.update(loaded)
        return found

    def _store(self, loaded: Mapping[Key, Value], *, generation: int, until: float) -> None:
        with self._lock:
            if self._generation != generation:
                # In this order: readers take no lock, and must not find old values of the new
                # generation.
                self._values = {}
                self._generation = generation
            for key, value in loaded.items():
                self._values.pop(key, None)  # the newest are last
                self._values[key] = (until, value)
            while len(self._values) > self._most:
                del self._values[next(iter(self._values))]
