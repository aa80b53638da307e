"""Ports of our own, the same ones again after a restart."""

import fcntl
import json
import os
import random
import socket
from pathlib import Path

from dev.stack.paths import LOCAL

LOOPBACK = "127.0.0.1"
# Below the range from which Linux and macOS take the near end of outgoing connections, so that no
# browser or worker sits on a remembered port when its server comes back.
LOWEST = 20_000
HIGHEST = 32_000
# Property tests seed the plain generator, in every process of a run with the same number.
DICE = random.SystemRandom()
PICKED = LOCAL / "ports"


class NoFreePortError(RuntimeError):
    """Every port we tried is taken."""


def is_free(port: int, *, host: str = LOOPBACK) -> bool:
    """Whether a server could listen there now.

    Connecting comes first: on macOS a loopback bind succeeds beside a listener on all addresses.
    """
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if probe.connect_ex((LOOPBACK, port)) == 0:
            return False
    with socket.socket() as probe:
        # As servers do: connections still in TIME_WAIT do not make a port taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def pick() -> int:
    """A random free port, given out once: two checkouts that start together rarely meet.

    Raises NoFreePortError.
    """
    for _ in range(100):
        port = DICE.randint(LOWEST, HIGHEST)
        if _is_unpicked(port) and is_free(port):
            return port
    raise NoFreePortError(f"no free port among 100 tried between {LOWEST} and {HIGHEST}")


def _is_unpicked(port: int) -> bool:
    """Whether nobody of this checkout has picked it, whose server may not listen yet.

    From now on nobody will: the lock is never let go, and ends with this process.
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
    """Which part had which port, kept in a JSON file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def claim(self, name: str) -> int:
        """The port `name` had, if it is still free, or a new one. Raises NoFreePortError."""
        known: dict[str, int] = json.loads(self._file.read_text()) if self._file.exists() else {}
        port = known.get(name)
        if port is None or not is_free(port):
            port = pick()
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(known | {name: port}))
        return port
