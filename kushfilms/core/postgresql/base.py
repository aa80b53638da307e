"""Django's PostgreSQL, whose check of a kept connection costs no round trip."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
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
