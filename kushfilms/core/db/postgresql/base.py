"""Django's PostgreSQL backend with prepared statements and watched connections."""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import RawCursor
from psycopg.pq import Format

from kushfilms.core.db.postgresql.watched import Driver


class DatabaseWrapper(base.DatabaseWrapper):
    # The stubs have neither this attribute nor its type.
    Database: Any = Driver(base.Database)  # type: ignore[attr-defined]

    def prepared_cursor(self) -> Any:
        """Return a cursor for frequent statements, which a server plans once per connection.

        The SQL names its values `$1`, `$2` and so on, in any number of places; each must have a
        type in the statement.
        """
        self.ensure_connection()
        # The stubs have neither psycopg's connection nor Django's cursor wrapper.
        connection: Any = self.connection
        wrapped: Any = self._prepare_cursor  # type: ignore[attr-defined]
        with self.wrap_database_errors:
            cursor: Any = RawCursor(connection)
        # Django parses datetimes that arrive as text in Python.
        cursor.format = Format.BINARY
        return wrapped(cursor)

    def is_usable(self) -> bool:
        """Return whether the connection kept from the last request still works.

        A server that closed it has sent a message, which waits to be read; an idle connection has
        no other data. Only after an error is the server queried, as Django does before every
        request (a quarter of the cost of a signed-in one).
        """
        if self.errors_occurred:
            return bool(super().is_usable())
        if self.connection is None or self.connection.closed:
            return False
        idle = select.poll()
        idle.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not idle.poll(0)
