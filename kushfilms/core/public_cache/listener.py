"""Hearing of every change to the catalogue, and knowing when one might have been missed.

Triggers `NOTIFY catalogue` with the commit of a change. Notifications arrive in the order of
commits, so when a beat of our own comes back, every change before it has come, too.
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
# Without a beat for so long nobody knows what has changed: a broken link says nothing by itself.
SILENCE_SECONDS = 4.0
RETRY_SECONDS = 1.0
NEVER = float("-inf")


class ChangeListener:
    """A thread with a connection of its own, begun by `start`."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._generation = 0
        self._heard_at = NEVER

    def start(self) -> None:
        self._heard_at = NEVER  # a forked child has heard nothing of what its parent heard
        threading.Thread(target=self._listen, name="catalogue-listener", daemon=True).start()

    @property
    def generation(self) -> int | None:
        """A number that every change raises. None: it cannot be known whether there was one."""
        heard = time.monotonic() - self._heard_at < SILENCE_SECONDS
        return self._generation if heard else None

    def changed(self) -> None:
        with self._lock:
            self._generation += 1

    def _listen(self) -> None:
        while True:
            try:
                with self._connect() as connection:
                    self._follow(connection)
            except (psycopg.Error, OSError) as exc:
                logger.warning("no word of changes, nothing is answered from memory: %s", exc)
            self._heard_at = NEVER
            time.sleep(RETRY_SECONDS)

    def _follow(self, connection: psycopg.Connection[Any]) -> None:
        """Until the connection breaks."""
        own = f"beat_{uuid.uuid4().hex}"
        connection.execute(f"LISTEN {CHANNEL}")
        connection.execute(f"LISTEN {own}")
        self.changed()  # what happened before is anybody's guess
        while True:
            sent_at = time.monotonic()
            connection.execute("SELECT pg_notify(%s, '')", [own])
            for note in connection.notifies(timeout=BEAT_SECONDS):
                if note.channel == own:
                    self._heard_at = sent_at
                else:
                    self.changed()


@cache
def catalogue_changes() -> ChangeListener:
    """This process's. Silent until the memory layer starts it."""
    return ChangeListener(_connect)


def _connect() -> psycopg.Connection[Any]:
    """One of its own, to the primary: Django's belong to requests."""
    parameters = connections["default"].get_connection_params()
    return psycopg.connect(**{**parameters, "autocommit": True})
