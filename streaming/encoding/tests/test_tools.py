"""External tools: no orphans, bounded waits, precise errors."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from streaming.encoding.diagnosis import diagnose
from streaming.encoding.errors import EncodingError, ErrorCode
from streaming.encoding.probe import probe_source
from streaming.encoding.tests.clips import AAC, X264, make, picture, sound
from streaming.encoding.tools import run_tool

pytestmark = pytest.mark.encode
FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]
FOREVER_MARK = "time.sleep(600)"


def test_stop_kills_the_child() -> None:
    with pytest.raises(EncodingError) as stopped:
        run_tool(FOREVER, timeout_seconds=60, should_stop=lambda: True)
    assert stopped.value.code is ErrorCode.STOPPED


def test_time_out_kills_the_child() -> None:
    with pytest.raises(EncodingError) as late:
        run_tool(FOREVER, timeout_seconds=0.3)
    assert (late.value.code, late.value.retryable) == (ErrorCode.TIMED_OUT, True)


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_child_dies_with_a_killed_parent() -> None:
    """Kill the parent with SIGKILL: only the kernel can then end the child."""
    script = (
        "import sys; from streaming.encoding.tools import run_tool;"
        f"run_tool({FOREVER!r}, timeout_seconds=600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script])
    child = wait_for(
        lambda: next(
            (c for c in psutil.Process(parent.pid).children() if c.cmdline()[1:2] == ["-c"]), None
        )
    )
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def wait_for(found, *, seconds: float = 10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := found():
            return result
        time.sleep(0.05)
    raise AssertionError("it did not happen")


@pytest.mark.parametrize(
    ("exit_code", "stderr", "code"),
    [
        (0, "", None),
        (0, "[h264] error while decoding MB 3 4", None),
        (228, "av_interleaved_write_frame(): No space left on device", ErrorCode.OUT_OF_DISK),
        (0, "Server returned 5XX Server Error reply", ErrorCode.SOURCE_UNAVAILABLE),
        (-9, "", ErrorCode.TOOL_KILLED),
        (-signal.SIGXCPU, "", ErrorCode.TIMED_OUT),
        (244, "Error: Cannot allocate memory", ErrorCode.TOOL_KILLED),
        (1, "Decoder (codec av9) not found", ErrorCode.UNSUPPORTED_CODEC),
        (1, "Invalid data found when processing input", ErrorCode.DAMAGED),
        (1, "something new", ErrorCode.INTERNAL),
    ],
)
def test_diagnosis(exit_code: int, stderr: str, code: ErrorCode | None) -> None:
    assert diagnose(exit_code=exit_code, stderr=stderr) is code


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def http_folder(tmp_path: Path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_source_over_http(http_folder) -> None:
    folder, url = http_folder
    source = make(folder / "film.mp4", *picture(), *sound(), *X264, *AAC, "-movflags", "+faststart")
    facts = probe_source(f"{url}/film.mp4", size_bytes=source.stat().st_size)
    assert facts.video.end_seconds == pytest.approx(3.0)


def test_missing_object_is_retryable(http_folder) -> None:
    _, url = http_folder
    with pytest.raises(EncodingError) as refused:
        probe_source(f"{url}/gone.mp4", size_bytes=1)
    assert refused.value.code is ErrorCode.SOURCE_UNAVAILABLE
