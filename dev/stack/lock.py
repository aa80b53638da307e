"""Lock that allows one launcher for each checkout."""

import fcntl
import os
import time
from pathlib import Path

STOPPING = "stopping"
# A stopping launcher waits for site, S3, Valkey and PostgreSQL in turn.
STOPPING_SECONDS = 30


class AlreadyRunningError(RuntimeError):
    """Launcher that already runs in this checkout; the message contains its address."""


class Lock:
    """Lock that the system releases when the process ends. The file describes its holder."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock, waiting for a holder that is stopping.

        Raises:
            AlreadyRunningError: another launcher holds it.
        """
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + STOPPING_SECONDS
        while not self._try():
            holder = self._file.read_text()
            if holder != STOPPING or time.monotonic() > deadline:
                raise AlreadyRunningError(f"already running in this checkout: {holder}")
            time.sleep(0.1)

    def describe(self, text: str) -> None:
        """Write the holder's state into the file, for other launchers."""
        self._file.write_text(text)

    def _try(self) -> bool:
        assert self._descriptor is not None  # noqa: S101
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
