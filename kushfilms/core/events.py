"""Events, by which a lower app notifies higher apps that it must not import.

A lower app defines a frozen dataclass and emits it inside its transaction; a higher app's
`subscribers.py` subscribes. Subscribers run immediately and in the same transaction, so their
writes commit or roll back with the change itself; effects outside the database they put on
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
    """Call the function for every event of this type (decorator). Idempotent."""

    def register(subscriber: Callable[[Event], None]) -> Callable[[Event], None]:
        if subscriber not in _subscribers[event_type]:
            _subscribers[event_type].append(subscriber)
        return subscriber

    return register


def emit(event: object) -> None:
    """Call every subscriber. An exception in one of them rolls back the caller's transaction."""
    for subscriber in _subscribers[type(event)]:
        subscriber(event)
