"""Listener for changes to the catalogue that knows when it may have missed one.

Triggers `NOTIFY catalogue` with the commit of a change. Notifications arrive in the order of
commits, so when a beat of our own comes back, every change before it has arrived, too.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from functools import cache
from typing import Any

import psycopg
from django.db import connections

logger = logging.getLogger(__name__)

CHANNEL = "catalogue"
BEAT_SECONDS = 1.0
# Without a beat for so long, changes may have been missed: a broken connection is silent.
SILENCE_SECONDS = 4.0
RETRY_SECONDS = 1.0
NEVER = float("-inf")


class ChangeListener:
    """A thread with its own database connection, begun by `start`."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._generation = 0
        self._last_beat_at = NEVER

    def start(self) -> None:
        self._last_beat_at = NEVER  # a forked child has not received its parent's notifications
        threading.Thread(target=self._listen, name="catalogue-listener", daemon=True).start()

    @property
    def generation(self) -> int | None:
        """Return a number that every change increments; None if one may have been missed."""
        is_connected = time.monotonic() - self._last_beat_at < SILENCE_SECONDS
        return self._generation if is_connected else None

    def changed(self) -> None:
        with self._lock:
            self._generation += 1

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
        own = f"beat_{uuid.uuid4().hex}"
        connection.execute(f"LISTEN {CHANNEL}")
        connection.execute(f"LISTEN {own}")
        self.changed()  # changes before this moment may have been missed
        while True:
            sent_at = time.monotonic()
            connection.execute("SELECT pg_notify(%s, '')", [own])
            for note in connection.notifies(timeout=BEAT_SECONDS):
                if note.channel == own:
                    self._last_beat_at = sent_at
                else:
                    self.changed()


@cache
def catalogue_changes() -> ChangeListener:
    """Return the listener of this process, which the cache layer starts."""
    return ChangeListener(_connect)


def _connect() -> psycopg.Connection[Any]:
    """Open a connection to the primary; Django's own belong to requests."""
    parameters = connections["default"].get_connection_params()
    return psycopg.connect(**{**parameters, "autocommit": True})
