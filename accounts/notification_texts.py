"""Words of notifications about things that may go: read when they are shown, not when stored.

A higher app registers who reads them anew. So what was taken back or hidden is not quoted any
more, in the list, in a mail that is sent late, or in an export.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Notification


@dataclass(frozen=True)
class Words:
    """What to show in place of what is stored. `gone`: what it was about is no longer there."""

    title: str
    message: str
    action_url: str
    gone: bool = False


Reader = Callable[[Sequence[Notification]], Mapping[UUID, Words]]
_readers: dict[str, Reader] = {}


def notification_words(kind: str) -> Callable[[Reader], Reader]:
    """Decorator: this function reads the words of notifications of a type, by their id.

    It leaves out those whose stored words still hold.
    """

    def register(reader: Reader) -> Reader:
        _readers[kind] = reader
        return reader

    return register


def words_read(notifications: Sequence[Notification]) -> Mapping[UUID, Words]:
    """Return the words that differ from what is stored; one read for each type."""
    found: dict[UUID, Words] = {}
    for kind, reader in _readers.items():
        if rows := [row for row in notifications if row.type == kind]:
            found.update(reader(rows))
    return found


def words_refresh(notifications: Sequence[Notification]) -> None:
    """Put the present words into these objects, which are not saved."""
    found = words_read(notifications)
    for row in notifications:
        if words := found.get(row.pk):
            row.title, row.message, row.action_url = words.title, words.message, words.action_url
