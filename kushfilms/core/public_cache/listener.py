"""Listener for changes to the catalogue that knows when it may have missed one.

Triggers `NOTIFY catalogue` with the commit of a change. Its payload is the id of the film or series
that looks different now, or empty where anything may. Notifications arrive in the order of commits,
so when a beat of our own comes back, every change before it has arrived, too.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Collection
from functools import cache
from typing import Any

import psycopg
from django.db import DatabaseError, connections

logger = logging.getLogger(__name__)

CHANNEL = "catalogue"
BEAT_SECONDS = 1.0
# Without a beat for so long, changes may have been missed: a broken connection is silent.
SILENCE_SECONDS = 4.0
RETRY_SECONDS = 1.0
CATCH_UP_SECONDS = 2.0
NEVER = float("-inf")
# Payload of a change that only lists of films show.
LISTS = "lists"
# Before a film's id in a payload: its comments or ratings changed, which only its page shows.
TALK = "talk:"
# Ids that are remembered as changed; with more of them, everything counts as changed.
MOST_IDS = 20_000


class ChangeListener:
    """A thread with its own database connection, begun by `start`."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._generation = 0
        self._all_changed_at = 0
        self._lists_changed_at = 0
        self._changed_at: dict[str, int] = {}  # the generation of an id's last change
        self._last_beat_at = NEVER
        self._own_channel = ""
        self._awaited: dict[str, threading.Event] = {}

    def start(self) -> None:
        # A forked child has not received its parent's notifications, and needs its own beats.
        self._last_beat_at = NEVER
        self._own_channel = f"beat_{uuid.uuid4().hex}"
        threading.Thread(target=self._listen, name="catalogue-listener", daemon=True).start()

    @property
    def generation(self) -> int | None:
        """Return a number that every change increments; None if one may have been missed."""
        is_connected = time.monotonic() - self._last_beat_at < SILENCE_SECONDS
        return self._generation if is_connected else None

    def is_current(self, generation: int, tags: Collection[str]) -> bool:
        """Return whether nothing of these ids has changed since; without ids, nothing in lists."""
        if generation == self._generation:
            return True
        # In this order: no lock is taken, and `changed` replaces the dictionary last.
        changed_at = self._changed_at
        if generation < self._all_changed_at:
            return False
        if not tags:
            return generation >= self._lists_changed_at
        return all(changed_at.get(tag, 0) <= generation for tag in tags)

    def changed(self, tag: str = "") -> None:
        """Count a change of the thing with this id; without one, of everything."""
        with self._lock:
            generation = self._generation + 1
            if not tag.startswith(TALK):
                self._lists_changed_at = generation
            if tag and len(self._changed_at) < MOST_IDS:
                self._changed_at[tag] = generation
            else:
                self._all_changed_at = generation
                self._changed_at = {}
            self._generation = generation  # last: whoever reads it finds the change

    def catch_up(self) -> None:
        """Wait for the changes committed so far; if they do not come, everything has changed."""
        if self.generation is None:
            self.changed()
            return
        token = uuid.uuid4().hex
        arrived = self._awaited[token] = threading.Event()
        try:
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT pg_notify(%s, %s)", [self._own_channel, token])
            is_known = arrived.wait(CATCH_UP_SECONDS)
        except DatabaseError:
            is_known = False
        finally:
            del self._awaited[token]
        if not is_known:
            self.changed()

    def _listen(self) -> None:
        while True:
            try:
                with self._connect() as connection:
                    self._follow(connection)
            except (psycopg.Error, OSError) as exc:
                logger.warning("catalogue listener lost its connection; cache is off: %s", exc)
            self._last_beat_at = NEVER
            time.sleep(RETRY_SECONDS)

    def _follow(self, connection: psycopg.Connection[Any]) -> None:
        """Receive notifications until the connection breaks."""
        connection.execute(f"LISTEN {CHANNEL}")
        connection.execute(f"LISTEN {self._own_channel}")
        self.changed()  # changes before this moment may have been missed
        while True:
            sent_at = time.monotonic()
            connection.execute("SELECT pg_notify(%s, '')", [self._own_channel])
            for note in connection.notifies(timeout=BEAT_SECONDS):
                if note.channel == CHANNEL:
                    self.changed(note.payload)
                elif note.payload in self._awaited:
                    self._awaited[note.payload].set()
                else:
                    self._last_beat_at = sent_at


@cache
def catalogue_changes() -> ChangeListener:
    """Return the listener of this process, which the cache layer starts."""
    return ChangeListener(_connect)


def _connect() -> psycopg.Connection[Any]:
    """Open a connection to the primary; Django's own belong to requests."""
    parameters = connections["default"].get_connection_params()
    return psycopg.connect(**{**parameters, "autocommit": True})
