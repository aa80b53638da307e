"""Texts of notifications about things that may be deleted, read when they are shown.

A higher app registers a reader of current texts. So a deleted or hidden comment is no longer
quoted in the list, in a mail that is sent late, or in an export.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Notification


@dataclass(frozen=True)
class NotificationText:
    """The text to show in place of the stored one. `gone`: its subject no longer exists."""

    title: str
    message: str
    action_url: str
    gone: bool = False


Reader = Callable[[Sequence[Notification]], Mapping[UUID, NotificationText]]
_readers: dict[str, Reader] = {}


def notification_text(kind: str) -> Callable[[Reader], Reader]:
    """Register a reader of the texts of a type of notification, by id (decorator).

    It leaves out notifications whose stored text is still right.
    """

    def register(reader: Reader) -> Reader:
        _readers[kind] = reader
        return reader

    return register


def notification_texts_read(
    notifications: Sequence[Notification],
) -> Mapping[UUID, NotificationText]:
    """Return the texts that differ from the stored ones, with one read per type."""
    found: dict[UUID, NotificationText] = {}
    for kind, reader in _readers.items():
        if rows := [row for row in notifications if row.type == kind]:
            found.update(reader(rows))
    return found


def notification_texts_refresh(notifications: Sequence[Notification]) -> None:
    """Put the current texts into these objects, without saving them."""
    found = notification_texts_read(notifications)
    for row in notifications:
        if text := found.get(row.pk):
            row.title = text.title
            row.message = text.message
            row.action_url = text.action_url
