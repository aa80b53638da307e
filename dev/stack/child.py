"""One process of ours: started on a tether, noted in a pid file, stopped with its whole group."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dev.stack import stale_processes
from dev.stack.paths import CHECKOUT, TETHER

LOG_KEPT_BYTES = 5_000_000


class ChildError(RuntimeError):
    """A process did not start, or ended when it should not have."""


def tether(orphan_signal: signal.Signals, *, user: str | None = None) -> list[str]:
    """What to put before a command that must not outlive this process."""
    become = ["--user", user] if user else []
    script = [sys.executable, "-I", "-S", str(TETHER), "--parent", str(os.getpid())]
    return [*script, *become, orphan_signal.name]


@dataclass(frozen=True)
class Command:
    """What to run, and how it likes to be ended.

    `stop_signal` asks for an orderly end, SIGKILL follows after `grace_seconds`. `orphan_signal`
    is what the kernel sends when the launcher is gone and nobody is left to follow up.
    """

    name: str
    argv: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 5
    user: str | None = None


class Child:
    """A command that can be started, watched and stopped, any number of times.

    Start it from the main thread: the tether breaks when the thread that forked ends.
    """

    def __init__(self, command: Command, *, home: Path) -> None:
        self.command = command
        self.log_file = home / "log" / f"{command.name}.log"
        self._pid_file = home / "run" / f"{command.name}.pid"
        self._process: subprocess.Popen[bytes] | None = None
        self._group: int | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """None while it runs and before it was started."""
        return self._process.poll() if self._process else None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it. Its output is appended to its log."""
        command = self.command
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        _rotate(self.log_file)
        with self.log_file.open("ab") as log:
            os.fchmod(log.fileno(), 0o600)  # a log may hold what people sent
            self._process = subprocess.Popen(
                [*tether(command.orphan_signal, user=command.user), *command.argv],
                cwd=CHECKOUT,
                env={**os.environ, **command.environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A group of its own: Ctrl-C reaches the launcher alone, which then ends its
                # children in order, and what a child leaves behind can be found.
                start_new_session=True,
            )
        self._group = self._process.pid
        stale_processes.note(self._pid_file, self._process.pid, argv=command.argv)

    def signal(self, signum: signal.Signals) -> None:
        """Send a signal to the process alone; nothing happens when it is not running."""
        if self._process is not None:
            self._process.send_signal(signum)

    def stop(self) -> None:
        """Ask, wait `grace_seconds`, kill; then kill whatever it started and left behind."""
        if self._process is None:
            return
        self.signal(self.command.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(self.command.grace_seconds)
        self.sweep()

    def sweep(self) -> None:
        """Kill the rest of its group and forget it."""
        if self._process is None or self._group is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._group, signal.SIGKILL)
        self._process.wait()
        # Once only: from now on the number may become another's.
        self._group = None
        self._pid_file.unlink(missing_ok=True)

    def last_words(self, lines: int = 15) -> str:
        """The end of its log, for a person to read."""
        text = self.log_file.read_text(errors="replace") if self.log_file.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_KEPT_BYTES:
        log.replace(log.with_suffix(".log.1"))
