"""A private stack with real workers and a beat, for tests that kill and query its parts."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from dev.stack import keys, test_stacks
from dev.stack.child import Child
from dev.stack.environment import Site, contract
from dev.stack.paths import CHECKOUT
from dev.stack.programs import ENCODERS, commands
from dev.stack.stack import Stack


class EncodingStack:
    """A stack with its workers, with ways to kill and to query them."""

    def __init__(
        self, stack: Stack, home: Path, *, encoders: int = ENCODERS, deadline_seconds: float = 150
    ) -> None:
        self.stack = stack
        self.home = home
        self.deadline_seconds = deadline_seconds
        self.ended: list[str] = []
        self.environ = {
            **os.environ,
            **stack.env(),
            **contract(kind="test", site=Site(), home=home, keys=keys.for_tests(), given={}),
            "ENCODE_LEASE_SECONDS": "6",
            "SWEEP_SECONDS": "2",
            "DJANGO_SUPERUSER_PASSWORD": "long-enough-for-a-test",
        }
        wanted = {"worker", "encoder", "beat"}
        programs = commands(site=Site(), home=home, environ=self.environ, encoders=encoders)
        self.children = {
            command.name: Child(command, home=home)
            for command in programs
            if command.name in wanted
        }

    def start(self) -> None:
        for child in self.children.values():
            child.start()

    def stop(self) -> None:
        for child in self.children.values():
            child.stop()

    def ingest(self, film: Path) -> None:
        """Upload a film as a person does, and return at once."""
        self.manage("createsuperuser", "--noinput", "--email=a@kush.test", "--name=A")
        self.manage("ingest", str(film), "--title=Film", "--no-wait")

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=CHECKOUT,
            env=self.environ,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return rows, or none while the database is away."""
        try:
            with psycopg.connect(self.environ["DATABASE_URL"], connect_timeout=2) as connection:
                return connection.execute(sql.encode()).fetchall()
        except psycopg.OperationalError:
            return []

    def wait_for(self, sql: str, *, what: str, poll_seconds: float = 0.1) -> None:
        deadline = time.monotonic() + self.deadline_seconds
        while not self.ask(sql):
            assert time.monotonic() < deadline, f"{what}: {self.state()}\n{self.words()}"
            self._supervise()
            time.sleep(poll_seconds)

    def _supervise(self) -> None:
        """Restart children that have ended, and note their last output in `ended`."""
        for name, child in self.children.items():
            if child.exit_code is not None:
                self.ended.append(f"{name}: {child.log_tail()}")
                child.sweep()
                child.start()

    def wait_until_running(self, kind: str, tier: str = "LOW") -> None:
        self.wait_for(
            "SELECT 1 FROM streaming_workitem"
            f" WHERE kind = '{kind}' AND tier = '{tier}' AND state = 'RUNNING'",
            what=f"{kind} {tier} to run",
        )

    def wait_until_begun(self, kind: str, tier: str) -> None:
        """Wait until a stage runs or, on a machine that stalls this process, already has."""
        self.wait_for(
            "SELECT 1 FROM streaming_workitem"
            f" WHERE kind = '{kind}' AND tier = '{tier}' AND attempts > 0",
            what=f"{kind} {tier} to begin",
        )

    def wait_until_ready(self, *, poll_seconds: float = 0.1) -> None:
        """Poll with a new connection each time; poll less to measure the database's work."""
        self.wait_for(
            "SELECT 1 FROM streaming_videoasset WHERE status IN ('READY', 'FAILED')",
            what="an end",
            poll_seconds=poll_seconds,
        )
        assert self.ask("SELECT 1 FROM streaming_videoasset WHERE status = 'READY'"), self.state()

    def state(self) -> list[tuple[Any, ...]]:
        return self.ask(
            "SELECT kind, tier, position, state, attempts, last_error FROM streaming_workitem"
        )

    def words(self) -> str:
        return self.children["encoder"].log_tail(30)

    def kill_worker(self) -> None:
        """Kill the worker, its pool and every ffmpeg at once, as a power cut; start a new one."""
        encoder = self.children["encoder"]
        encoder.signal(signal.SIGKILL)
        encoder.sweep()
        encoder.start()


@contextmanager
def encoding_stack(
    home: Path, *, encoders: int = ENCODERS, deadline_seconds: float = 150
) -> Iterator[EncodingStack]:
    with test_stacks.private_stack() as stack:
        house = EncodingStack(stack, home, encoders=encoders, deadline_seconds=deadline_seconds)
        try:
            house.start()
            yield house
        finally:
            house.stop()
