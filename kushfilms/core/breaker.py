"""Circuit breakers, which skip a service that hung a moment ago."""

import threading
import time


class Breaker:
    """Circuit breaker, open for `pause_seconds` after a failure; then one caller at a time tries.

    Each process has its own. While it is open, callers do without the service immediately, so a
    service that hangs costs one thread one timeout per pause, and not all threads all the time.
    """

    def __init__(self, *, pause_seconds: float) -> None:
        self._pause = pause_seconds
        self._lock = threading.Lock()
        self._open_until: float | None = None

    def blocks(self) -> bool:
        """Return whether to do without the service. One caller let through blocks the others."""
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
