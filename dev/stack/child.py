"""Child process: tied to its parent, recorded in a pid file, stopped with its whole group."""

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

LOG_ROTATION_BYTES = 5_000_000


class ChildError(RuntimeError):
    """Process that did not start, or ended unexpectedly."""


def tether(orphan_signal: signal.Signals, *, user: str | None = None) -> list[str]:
    """Return the prefix of a command that must not outlive this process."""
    change_user = ["--user", user] if user else []
    script = [sys.executable, "-I", "-S", str(TETHER), "--parent", str(os.getpid())]
    return [*script, *change_user, orphan_signal.name]


@dataclass(frozen=True)
class Command:
    """Command line of a child, and the way to stop it.

    `stop_signal` requests an orderly end; SIGKILL follows after `grace_seconds`. The kernel sends
    `orphan_signal` when the launcher is gone, so that no SIGKILL can follow.
    """

    name: str
    argv: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 5
    user: str | None = None


class Child:
    """Process that can be started, watched and stopped, any number of times.

    It must be started from the main thread, because the tether breaks when the forking thread ends.
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
        """Return the exit code, or None while the process runs and before its start."""
        return self._process.poll() if self._process else None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process, and append its output to its log."""
        command = self.command
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        _rotate(self.log_file)
        with self.log_file.open("ab") as log:
            os.fchmod(log.fileno(), 0o600)  # a log may contain personal data
            self._process = subprocess.Popen(
                [*tether(command.orphan_signal, user=command.user), *command.argv],
                cwd=CHECKOUT,
                env={**os.environ, **command.environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # In a group of its own, Ctrl-C reaches only the launcher, which then ends its
                # children in order, and the processes that a child leaves behind can be found.
                start_new_session=True,
            )
        self._group = self._process.pid
        stale_processes.record(self._pid_file, self._process.pid, argv=command.argv)

    def signal(self, signum: signal.Signals) -> None:
        """Send a signal to the process alone; do nothing if it was not started."""
        if self._process is not None:
            self._process.send_signal(signum)

    def stop(self) -> None:
        """Stop the process within `grace_seconds` or kill it, then kill the rest of its group."""
        if self._process is None:
            return
        self.signal(self.command.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(self.command.grace_seconds)
        self.sweep()

    def sweep(self) -> None:
        """Kill the rest of the process's group, and remove its pid file."""
        if self._process is None or self._group is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._group, signal.SIGKILL)
        self._process.wait()
        # Only once, because the system may reuse the group's number from now on.
        self._group = None
        self._pid_file.unlink(missing_ok=True)

    def log_tail(self, lines: int = 15) -> str:
        """Return the last lines of the log."""
        text = self.log_file.read_text(errors="replace") if self.log_file.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_ROTATION_BYTES:
        log.replace(log.with_suffix(".log.1"))
