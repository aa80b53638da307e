"""Django's PostgreSQL, with what frequent requests ask for."""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import RawCursor
from psycopg.pq import Format

from kushfilms.core.db.postgresql.watched import Driver


class DatabaseWrapper(base.DatabaseWrapper):
    # The stubs know neither the module a wrapper drives nor that it may be another's.
    Database: Any = Driver(base.Database)  # type: ignore[attr-defined]

    def prepared_cursor(self) -> Any:
        """For statements asked over and over: the server parses and plans them once a connection.

        Values go beside the SQL, in which they are `$1`, `$2` and so on, as often as they are
        wanted; each must have a type that stands in the statement.
        """
        self.ensure_connection()
        # The stubs know neither that it is one of psycopg's nor what Django wraps cursors with.
        connection: Any = self.connection
        wrapped: Any = self._prepare_cursor  # type: ignore[attr-defined]
        with self.wrap_database_errors:
            cursor: Any = RawCursor(connection)
        # Of what comes as text Django reads every moment in Python.
        cursor.format = Format.BINARY
        return wrapped(cursor)

    def is_usable(self) -> bool:
        """Is the connection kept from the last request still good?

        A server that ended it has said good-bye, and that waits to be read; on an idle connection
        nothing else does. Only after an error is the server asked, as Django asks before every
        request (a quarter of what a signed-in one costs).
        """
        if self.errors_occurred:
            return bool(super().is_usable())
        if self.connection is None or self.connection.closed:
            return False
        idle = select.poll()
        idle.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not idle.poll(0)
