"""Stack of PostgreSQL, Valkey and S3, without those that the environment provides."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from dev.stack import s3 as s3_module
from dev.stack.environment import EXTERNAL
from dev.stack.ports import PortMemory
from dev.stack.postgres import Postgres
from dev.stack.s3 import S3
from dev.stack.valkey import Valkey

Part = TypeVar("Part")


class NotEmbeddedError(RuntimeError):
    """Server that the environment provides, and that cannot be restarted here."""


class Stack:
    """Servers of a `home` folder.

    `given` is an environment: a server whose URL it has is left out, and its variables are passed
    on. `fast` gives up safety from power cuts, for tests. A test that kills, flushes or restarts
    servers uses the fixture `private_stack`.
    """

    def __init__(
        self,
        home: Path,
        *,
        keys: Mapping[str, str],
        given: Mapping[str, str] | None = None,
        fast: bool = False,
    ) -> None:
        self._given = given or {}
        self._keys = keys
        ports = PortMemory(home / "ports.json")
        self._postgres = self._valkey = self._s3 = None
        if not self._is_external("postgres"):
            password = keys["POSTGRES_PASSWORD"]
            self._postgres = Postgres(
                home, port=ports.claim("postgres"), password=password, fast=fast
            )
        if not self._is_external("valkey"):
            self._valkey = Valkey(
                home, port=ports.claim("valkey"), password=keys["VALKEY_PASSWORD"]
            )
        if not self._is_external("s3"):
            self._s3 = S3(home, port=ports.claim("s3"), secret_key=keys["R2_SECRET_ACCESS_KEY"])

    @property
    def postgres(self) -> Postgres:
        return _ours(self._postgres, "postgres")

    @property
    def valkey(self) -> Valkey:
        return _ours(self._valkey, "valkey")

    @property
    def s3(self) -> S3:
        return _ours(self._s3, "s3")

    @property
    def parts(self) -> list[Postgres | Valkey | S3]:
        """Return the embedded servers in the order of their start."""
        return [part for part in (self._postgres, self._valkey, self._s3) if part is not None]

    def start(self) -> None:
        """Start the servers and wait until all answer; if one fails, stop them all.

        Raises:
            ChildError: a server did not start.
        """
        try:
            for part in self.parts:
                part.start()
            for part in self.parts:
                part.wait_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop every server, the last one first."""
        for part in reversed(self.parts):
            part.stop()

    def env(self) -> dict[str, str]:
        """Return the variables with the servers' addresses, embedded or given."""
        addresses = {
            "DATABASE_URL": self._postgres.url if self._postgres else self._given["DATABASE_URL"],
            "REDIS_URL": self._valkey.url if self._valkey else self._given["REDIS_URL"],
        }
        return addresses | (self._s3_env() if self._s3 else self._given_s3_env())

    def _s3_env(self) -> dict[str, str]:
        return {
            "R2_ENDPOINT": self.s3.url,
            "R2_ACCESS_KEY_ID": s3_module.ACCESS_KEY,
            "R2_SECRET_ACCESS_KEY": self._keys["R2_SECRET_ACCESS_KEY"],
            "R2_BUCKET_NAME": s3_module.BUCKET,
        }

    def _given_s3_env(self) -> dict[str, str]:
        names = ("R2_ENDPOINT", "R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY", "R2_BUCKET_NAME")
        return {name: self._given[name] for name in names if name in self._given}

    def _is_external(self, part: str) -> bool:
        return bool(self._given.get(EXTERNAL[part]))


def _ours(part: Part | None, name: str) -> Part:
    if part is None:
        raise NotEmbeddedError(f"{name} comes from {EXTERNAL[name]}")
    return part
