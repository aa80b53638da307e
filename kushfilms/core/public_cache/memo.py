"""Parts of answers in memory, shared by all viewers and used in the lists of each."""

import time
from collections.abc import Callable, Collection, Mapping
from typing import Generic, TypeVar

from kushfilms.core.public_cache.memory import Entry, Memory, process_memory
from kushfilms.core.public_cache.sizes import size_of

Key = TypeVar("Key")
Value = TypeVar("Value")

# Longer than a list: of these values only counters change without a notification, and a viewer who
# scrolls through their own list has seen them before (docs/adr/0007-public-reads.md).
LIFETIME_SECONDS = 600.0


class Memo(Generic[Key, Value]):
    """Values of `load` by key, until what they show changes.

    Values are shared by all requests, so a caller must not change them. A key that `load` leaves
    out is loaded again next time. While it cannot be known whether the catalogue has changed,
    every call loads. `tags` names the ids of all that a value shows; without it, or where it
    returns none, any change of the catalogue drops the value.
    """

    def __init__(
        self,
        load: Callable[[Collection[Key]], Mapping[Key, Value]],
        *,
        tags: Callable[[Key, Value], Collection[str]] = lambda _key, _value: (),
        memory: Callable[[], Memory] = process_memory,
    ) -> None:
        self._load = load
        self._tags = tags
        self._memory = memory

    def get(self, keys: Collection[Key]) -> dict[Key, Value]:
        memory = self._memory()
        generation = memory.changes.generation
        if generation is None:
            return dict(self._load(keys))
        held = memory.entries([(self, key) for key in keys])
        found = {key: entry.value for key in keys if (entry := held.get((self, key)))}
        missing = [key for key in keys if key not in found]
        if missing:
            until = time.monotonic() + LIFETIME_SECONDS
            loaded = self._load(missing)
            for key, value in loaded.items():
                tags = self._tags(key, value)
                entry = Entry(value, size_of(value), generation, until, tags)
                memory.put((self, key), entry)
            found.update(loaded)
        return found
