"""Memory of a web process for what all viewers share, within one budget of bytes.

It holds whole answers (`lru_store`) and parts of answers (`Memo`); whichever was used least
recently is dropped first.
"""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from kushfilms.core.public_cache.listener import ChangeListener, catalogue_changes

# Bytes of an entry besides its value: key, tags, numbers and the dictionary's own (measured).
OVERHEAD_BYTES = 700


@dataclass(frozen=True, slots=True)
class Entry:
    """A value with its size in bytes, which is read again after `until` or a change.

    `generation` is that of the moment before the value was read. A value with `tags` shows only the
    things with these ids (`ChangeListener`); one without is dropped by any change.
    """

    value: Any
    size: int
    generation: int
    until: float  # of the monotonic clock
    tags: Collection[str] = ()


class Memory:
    """Entries by key. `changes` decides whether an entry is still current."""

    def __init__(self, *, most_bytes: int, changes: ChangeListener) -> None:
        self.changes = changes
        self.most_bytes = most_bytes
        self._empty()
        # A forked child has its parent's lock but not its threads.
        os.register_at_fork(after_in_child=self._empty)

    def _empty(self) -> None:
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()
        self.used_bytes = 0

    def entry(self, key: Hashable) -> Entry | None:
        return self.entries((key,)).get(key)

    def entries(self, keys: Iterable[Hashable]) -> dict[Hashable, Entry]:
        """Return the entries that are current."""
        now = time.monotonic()
        is_current = self.changes.is_current
        found = {}
        with self._lock:
            entries = self._entries
            for key in keys:
                entry = entries.get(key)
                if entry is None:
                    continue
                if now < entry.until and is_current(entry.generation, entry.tags):
                    entries.move_to_end(key)
                    found[key] = entry
                else:
                    self._drop(key)
        return found

    def put(self, key: Hashable, entry: Entry) -> None:
        """Keep an entry, unless it alone exceeds the budget."""
        with self._lock:
            if key in self._entries:
                self._drop(key)
            if entry.size + OVERHEAD_BYTES > self.most_bytes:
                return
            self._entries[key] = entry
            self.used_bytes += entry.size + OVERHEAD_BYTES
            while self.used_bytes > self.most_bytes:
                self._drop(next(iter(self._entries)))

    def _drop(self, key: Hashable) -> None:
        self.used_bytes -= self._entries.pop(key).size + OVERHEAD_BYTES


@cache
def process_memory() -> Memory:
    """Return the memory of this process. Until its listener is started, nothing is kept."""
    return Memory(most_bytes=settings.PUBLIC_CACHE_BYTES, changes=catalogue_changes())
