"""Circuit breakers: a service that hung a moment ago is not waited for again."""

import threading
import time


class Breaker:
    """Open for `pause_seconds` after a failure; then one caller at a time may try.

    Each process has its own. While it is open, callers do without the service at once, so that
    one that hangs costs a thread for one timeout in each pause, and not all threads all the time.
    """

    def __init__(self, *, pause_seconds: float) -> None:
        self._pause, self._lock = pause_seconds, threading.Lock()
        self._open_until: float | None = None

    def blocks(self) -> bool:
        """Return whether to do without. The caller that is let through keeps others out."""
        if self._open_until is None:
            return False
        with self._lock:
            now = time.monotonic()
            if self._open_until is None or now < self._open_until:
                return self._open_until is not None
            self._open_until = now + self._pause
            return False

    def failed(self) -> None:
        with self._lock:
            self._open_until = time.monotonic() + self._pause

    def worked(self) -> None:
        if self._open_until is not None:
            with self._lock:
                self._open_until = None
