"""Processes that an earlier run left behind: found by pid file, ended only when provably ours.

A pid alone proves nothing, it may have been given away since. Ours are the processes whose pid,
start time and command line all match what was written down when they were started.
"""

import json
import os
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

# The kernel counts a start in ticks since boot, and the time of boot is corrected by a second now
# and then on machines that sleep or follow a time server.
START_TOLERANCE_SECONDS = 2.0
GRACE_SECONDS = 5.0


def note(file: Path, pid: int, *, argv: Sequence[str]) -> None:
    """Write down a process just started. One that is gone again already needs no note."""
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"pid": pid, "started": started, "argv": list(argv)}))


def end(run_dir: Path, *, stop_signal: signal.Signals = signal.SIGTERM) -> list[str]:
    """End what the pid files in `run_dir` still name; the names of what was running."""
    ended = []
    for file in sorted(run_dir.glob("*.pid")):
        process = find(file)
        if process is not None:
            ended.append(file.stem)
            # SIGINT is PostgreSQL's fast shutdown; its SIGTERM waits for clients for ever.
            _end_group(process, signal.SIGINT if file.stem == "postgres" else stop_signal)
        file.unlink(missing_ok=True)
    return ended


def find(file: Path) -> psutil.Process | None:
    """The process a pid file names, when it is still that very process."""
    try:
        noted = json.loads(file.read_text())
        process = psutil.Process(noted["pid"])
        same_start = abs(process.create_time() - noted["started"]) < START_TOLERANCE_SECONDS
        # Whatever stands before the command (the tether, an interpreter) is not compared.
        same_command = process.cmdline()[-len(noted["argv"]) :] == noted["argv"]
    except (ValueError, KeyError, FileNotFoundError, psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    return process if same_start and same_command else None


def _end_group(leader: psutil.Process, stop_signal: signal.Signals) -> None:
    # Listed before the leader goes; its pid cannot be given away while the group has a member.
    group = list(_members(leader.pid))
    leader.send_signal(stop_signal)
    _wait([leader])
    for process in group:
        if not is_over(process):
            process.kill()
    _wait(group)


def is_over(process: psutil.Process) -> bool:
    """Gone, or dead and waiting for a parent to notice, which some containers' init never does."""
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
