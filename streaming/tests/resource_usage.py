"""Resources of a stack at work: memory by kind of process, CPU by part, disk of the workers."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import psutil

from streaming.encoding.package_output import disk_bytes
from streaming.tests.encoding_stack import EncodingStack

SAMPLE_SECONDS = 0.1
TOOLS = ("ffmpeg", "ffprobe", "packager")


class Watch:
    """Peaks in bytes while it is open; CPU seconds of each part when it closes."""

    def __init__(self, house: EncodingStack) -> None:
        stack = house.stack
        self._work_dir = house.home / "work"
        self._parts = {
            "postgres": stack.postgres.child,
            "valkey": stack.valkey.child,
            "s3": stack.s3.child,
            **house.children,
        }
        self.peak_rss: dict[str, int] = defaultdict(int)
        self.peak_disk = 0
        self.cpu_seconds: dict[str, float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Watch":
        self._before = self._cpu()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()
        after = self._cpu()
        self.cpu_seconds = {name: after[name] - self._before[name] for name in after}

    def _run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self.peak_disk = max(self.peak_disk, disk_bytes(self._work_dir))
            for process in _tree(self._parts["encoder"].pid):
                role = _role(process)
                self.peak_rss[role] = max(self.peak_rss[role], _peak_rss(process.pid))

    def _cpu(self) -> dict[str, float]:
        """Return CPU seconds by part, with children and those that have ended."""
        return {
            name: sum(sum(_cpu_times(process)) for process in _tree(child.pid))
            for name, child in self._parts.items()
        }


def _tree(pid: int | None) -> Iterator[psutil.Process]:
    try:
        root = psutil.Process(pid)
        yield root
        yield from root.children(recursive=True)
    except psutil.NoSuchProcess:
        return


def _role(process: psutil.Process) -> str:
    try:
        name = Path((process.cmdline() or [""])[0]).name
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return "gone"
    return next((tool for tool in TOOLS if name.startswith(tool)), "worker")


def _cpu_times(process: psutil.Process) -> tuple[float, ...]:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return ()
    return times.user, times.system, times.children_user, times.children_system


def _peak_rss(pid: int) -> int:
    """Return the kernel's high-water mark where it has one, so that no peak is missed."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return _rss(pid)
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) * 1024 if found else 0


def _rss(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
