"""How a lower app tells a higher one that something happened, without knowing it.

A lower app defines a frozen dataclass and emits it inside its transaction; a higher app's
`events.py` subscribes. Subscribers run at once and in the same transaction, so what they write
stands or falls with what happened; anything outside the database they put on
`transaction.on_commit`.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Event = TypeVar("Event")

_subscribers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(
    event_type: type[Event],
) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Decorator: call the function for every event of this type. Twice is once."""

    def register(subscriber: Callable[[Event], None]) -> Callable[[Event], None]:
        if subscriber not in _subscribers[event_type]:
            _subscribers[event_type].append(subscriber)
        return subscriber

    return register


def emit(event: object) -> None:
    """Tell every subscriber. An exception in one undoes the caller's transaction."""
    for subscriber in _subscribers[type(event)]:
        subscriber(event)
