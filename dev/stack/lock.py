"""One launcher per checkout."""

import fcntl
import os
import time
from pathlib import Path

STOPPING = "stopping"
# A launcher on its way out takes its graces in turn: site, S3, Valkey, PostgreSQL.
STOPPING_SECONDS = 30


class AlreadyRunningError(RuntimeError):
    """Another launcher holds this checkout; the message says where its site is."""


class Lock:
    """Held until the process ends, however it ends. The file says what its holder is doing."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raises AlreadyRunningError. A holder that is stopping is waited for."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + STOPPING_SECONDS
        while not self._try():
            holder = self._file.read_text()
            if holder != STOPPING or time.monotonic() > deadline:
                raise AlreadyRunningError(f"already running in this checkout: {holder}")
            time.sleep(0.1)

    def say(self, text: str) -> None:
        """Tell others what this holder does."""
        self._file.write_text(text)

    def _try(self) -> bool:
        assert self._descriptor is not None  # noqa: S101
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
