"""Monitor of the database: a thread that polls it every second and notices when it hangs.

A server that is stopped, or a network that drops packets, neither answers nor closes connections.
On loopback not even `tcp_user_timeout` helps, as the kernel acknowledges for the stopped server. A
long query looks the same from its own connection; a second connection shows the difference.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import psycopg
from django.db import connections

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
ANSWER_SECONDS = 3.0
# Long enough for a busy machine to be late, short enough for people to wait.
SILENCE_SECONDS = 6.0
Connect = Callable[[], psycopg.Connection[Any]]


class PatientConnection(psycopg.Connection[Any]):
    """Connection of the monitor, which waits at most `ANSWER_SECONDS` for an answer."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        return super().wait(gen, interval, ANSWER_SECONDS if timeout is None else timeout)


class Monitor:
    """The monitor of a process, begun by `start`. Before that, the database counts as healthy."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._stop()
        # A forked child has its parent's clock but not its thread.
        os.register_at_fork(after_in_child=self._stop)

    def _stop(self) -> None:
        self._begun = False
        self._answered_at = 0.0

    def start(self) -> None:
        if not self._begun:
            # In this order: readers take no lock, and a begun monitor without an answer is silent.
            self._answered_at = time.monotonic()
            self._begun = True
            threading.Thread(target=self._run, name="database-monitor", daemon=True).start()

    @property
    def begun(self) -> bool:
        return self._begun

    @property
    def age_seconds(self) -> float:
        """Return the seconds since the database last answered."""
        return time.monotonic() - self._answered_at

    @property
    def silent(self) -> bool:
        """Return whether the database has not answered for `SILENCE_SECONDS`."""
        return self._begun and self.age_seconds > SILENCE_SECONDS

    def _run(self) -> None:
        while True:
            try:
                with self._connect() as connection:
                    while True:
                        connection.execute("SELECT 1")
                        self._answered_at = time.monotonic()
                        time.sleep(BEAT_SECONDS)
            except (psycopg.Error, OSError) as exc:
                logger.warning("the database does not answer: %s", type(exc).__name__)
            time.sleep(BEAT_SECONDS)


@cache
def database_monitor() -> Monitor:
    """Return this process's monitor. The web processes start it."""
    return Monitor(_connect)


def _connect() -> psycopg.Connection[Any]:
    parameters = connections["default"].get_connection_params()
    bounds = {"autocommit": True, "connect_timeout": ANSWER_SECONDS}
    return PatientConnection.connect(**{**parameters, **bounds})
