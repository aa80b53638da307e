"""Local ports, which stay the same after a restart."""

import fcntl
import json
import os
import random
import socket
from pathlib import Path

from dev.stack.paths import LOCAL

LOOPBACK = "127.0.0.1"
# Below the range of local ports for outgoing connections on Linux and macOS, so that no browser or
# worker occupies a remembered port when its server restarts.
LOWEST = 20_000
HIGHEST = 32_000
# Property tests seed the standard generator with the same number in every process of a run.
DICE = random.SystemRandom()
PICKED = LOCAL / "ports"


class NoFreePortError(RuntimeError):
    """Failure to find a free port: every one tried is taken."""


def is_free(port: int, *, host: str = LOOPBACK) -> bool:
    """Return whether a server could listen on the port now.

    A connection is tried first, because on macOS a bind to the loopback address succeeds next to a
    listener on all addresses.
    """
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if probe.connect_ex((LOOPBACK, port)) == 0:
            return False
    with socket.socket() as probe:
        # Servers set this as well, so that a connection in TIME_WAIT does not block the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def pick() -> int:
    """Return a random free port, each only once.

    Two checkouts that start at the same time rarely pick the same one.

    Raises:
        NoFreePortError: every port tried is taken.
    """
    for _ in range(100):
        port = DICE.randint(LOWEST, HIGHEST)
        if _is_unpicked(port) and is_free(port):
            return port
    raise NoFreePortError(f"no free port among 100 tried between {LOWEST} and {HIGHEST}")


def _is_unpicked(port: int) -> bool:
    """Claim a port; return False if this checkout has already picked it.

    The server of a picked port may not listen yet. The lock is held until this process ends.
    """
    PICKED.mkdir(parents=True, exist_ok=True)
    claim = os.open(PICKED / str(port), os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(claim)
        return False
    return True


class PortMemory:
    """JSON file with the port of each server."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def claim(self, name: str) -> int:
        """Return the previous port of `name` if it is still free, or else a new one.

        Raises:
            NoFreePortError: every port tried is taken.
        """
        ports: dict[str, int] = json.loads(self._file.read_text()) if self._file.exists() else {}
        port = ports.get(name)
        if port is None or not is_free(port):
            port = pick()
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(ports | {name: port}))
        return port
