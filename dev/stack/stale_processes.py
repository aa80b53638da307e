"""Processes left behind by an earlier run: found by pid file, ended only if provably its own.

A pid alone proves nothing, because the system reuses it. A process is accepted if its pid, start
time and command line all match those recorded at its start.
"""

import json
import os
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

# The kernel counts a start in ticks since boot, and the boot time changes by a second at times on
# machines that sleep or follow a time server.
START_TOLERANCE_SECONDS = 2.0
GRACE_SECONDS = 5.0


def record(file: Path, pid: int, *, argv: Sequence[str]) -> None:
    """Write the pid file of a started process, unless the process has already ended."""
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"pid": pid, "started": started, "argv": list(argv)}))


def end_all(run_dir: Path, *, stop_signal: signal.Signals = signal.SIGTERM) -> list[str]:
    """End the processes of the pid files in `run_dir`; return the names of those that ran."""
    ended = []
    for file in sorted(run_dir.glob("*.pid")):
        process = process_of(file)
        if process is not None:
            ended.append(file.stem)
            # SIGINT is PostgreSQL's fast shutdown; on SIGTERM it waits for all clients.
            _end_group(process, signal.SIGINT if file.stem == "postgres" else stop_signal)
        file.unlink(missing_ok=True)
    return ended


def process_of(file: Path) -> psutil.Process | None:
    """Return the running process of a pid file, or None if it has ended."""
    try:
        recorded = json.loads(file.read_text())
        process = psutil.Process(recorded["pid"])
        same_start = abs(process.create_time() - recorded["started"]) < START_TOLERANCE_SECONDS
        # A prefix of the command (the tether, an interpreter) is not compared.
        same_command = process.cmdline()[-len(recorded["argv"]) :] == recorded["argv"]
    except (ValueError, KeyError, FileNotFoundError, psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    return process if same_start and same_command else None


def _end_group(leader: psutil.Process, stop_signal: signal.Signals) -> None:
    # Listed before the leader ends: its pid cannot be reused while the group has a member.
    group = list(_members(leader.pid))
    leader.send_signal(stop_signal)
    _wait([leader])
    for process in group:
        if not is_over(process):
            process.kill()
    _wait(group)


def is_over(process: psutil.Process) -> bool:
    """Return whether a process has ended, even if its parent has not reaped it yet.

    The init process of some containers never reaps.
    """
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _wait(processes: Sequence[psutil.Process]) -> None:
    deadline = time.monotonic() + GRACE_SECONDS
    while not all(map(is_over, processes)) and time.monotonic() < deadline:
        time.sleep(0.02)


def _members(group: int) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group:
                yield process
        except (ProcessLookupError, PermissionError):
            continue
