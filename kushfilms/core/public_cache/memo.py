"""Parts of answers in memory: what is the same for everybody, in lists that are one person's."""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from typing import Generic, TypeVar

from kushfilms.core.public_cache.listener import ChangeListener, catalogue_changes

Key = TypeVar("Key")
Value = TypeVar("Value")

# Longer than a whole answer: of what stands here only a card's stars change without a word, and
# who scrolls through their own list has seen them before (docs/adr/0007-public-reads.md).
LIFETIME_SECONDS = 600.0


class Remembered(Generic[Key, Value]):
    """What `load` says of keys, until a change to the catalogue is told; at most so many.

    Values are everybody's: nobody changes them. A key that `load` leaves out is asked for again.
    While it cannot be known whether there was a change, `load` is asked every time.
    """

    def __init__(
        self,
        load: Callable[[Collection[Key]], Mapping[Key, Value]],
        *,
        most: int,
        changes: Callable[[], ChangeListener] = catalogue_changes,
    ) -> None:
        self._load, self._most, self._changes = load, most, changes
        self._lock = threading.Lock()
        self._generation = 0
        self._held: dict[Key, tuple[float, Value]] = {}  # with the end of its life

    def get(self, keys: Collection[Key]) -> dict[Key, Value]:
        generation = self._changes().generation
        if generation is None:
            return dict(self._load(keys))
        now = time.monotonic()
        held = self._held if self._generation == generation else {}
        rows = {key: held.get(key) for key in keys}
        known = {key: row[1] for key, row in rows.items() if row and row[0] > now}
        missing = [key for key in rows if key not in known]
        if missing:
            loaded = self._load(missing)
            # What was read before a change may be of before it.
            if self._changes().generation == generation:
                self._keep(loaded, generation=generation, until=now + LIFETIME_SECONDS)
            known.update(loaded)
        return known

    def _keep(self, loaded: Mapping[Key, Value], *, generation: int, until: float) -> None:
        with self._lock:
            if self._generation != generation:
                self._generation, self._held = generation, {}
            for key, value in loaded.items():
                self._held.pop(key, None)  # the newest stand last
                self._held[key] = (until, value)
            while len(self._held) > self._most:
                del self._held[next(iter(self._held))]
