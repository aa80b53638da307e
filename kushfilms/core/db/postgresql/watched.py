"""Database connections that give up when the server hangs."""

from typing import Any

import psycopg
from psycopg.errors import _WaitTimeout

from kushfilms.core.db.postgresql.monitor import database_monitor

# Seconds between two looks at the monitor during a wait.
LOOK_SECONDS = 0.5
SILENT = "PostgreSQL does not answer."


class DatabaseSilent(psycopg.OperationalError):
    """The server does not answer. The connection cannot be used any more."""


class WatchedConnection(psycopg.Connection[Any]):
    """Connection that waits for a query only as long as the server answers the monitor."""

    @classmethod
    def connect(cls, *args: Any, **options: Any) -> Any:
        """Connect. Raises DatabaseSilent immediately while the server is known to hang."""
        if database_monitor().silent:
            raise DatabaseSilent(SILENT)
        return super().connect(*args, **options)

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        while True:
            if database_monitor().silent:
                self.pgconn.finish()
                raise DatabaseSilent(SILENT)
            try:
                return super().wait(gen, interval, LOOK_SECONDS)
            except _WaitTimeout:
                continue


class Driver:
    """The psycopg module, with `connect` replaced."""

    connect = staticmethod(WatchedConnection.connect)

    def __init__(self, module: Any) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)
