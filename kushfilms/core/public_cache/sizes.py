"""Sizes of values in memory."""

import sys
from types import FunctionType, ModuleType
from typing import Any

# What every process has anyway, whichever values point at it.
SHARED = (type, ModuleType, FunctionType)


def size_of(value: Any) -> int:
    """Return the bytes that a value takes with everything that it alone holds."""
    seen: set[int] = set()
    todo = [value]
    size = 0
    while todo:
        item = todo.pop()
        if id(item) in seen or item is None or isinstance(item, SHARED):
            continue
        seen.add(id(item))
        size += sys.getsizeof(item)
        if isinstance(item, dict):
            todo += item.values()  # the names of attributes are interned
        elif isinstance(item, list | tuple | set | frozenset):
            todo += item
        elif hasattr(item, "__dict__"):
            todo.append(item.__dict__)
    return size
