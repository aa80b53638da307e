"""Confinement of tools: no secrets in their environment, and limited resources."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from streaming.encoding.tools import ToolRun, run_tool

pytestmark = [pytest.mark.encode, pytest.mark.skipif(sys.platform != "linux", reason="/proc")]
REPORT = """
import json, os, resource
limits = {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))
          for name in ("AS", "CPU", "FSIZE", "NOFILE", "CORE")}
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps({"environ": dict(os.environ), "limits": limits,
                  "no_new_privs": status["NoNewPrivs"].strip(),
                  "fds": sorted(map(int, os.listdir("/proc/self/fd")))}))
"""
SECRET = "the-secret-of-the-house"
Report = dict[str, Any]


def in_tool(code: str, **options: Any) -> tuple[ToolRun, list[str]]:
    lines: list[str] = []
    command = [sys.executable, "-I", "-S", "-c", code]
    return run_tool(command, on_line=lines.append, timeout_seconds=10, **options), lines


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Report:
    for name in ("SECRET_KEY", "DATABASE_URL", "R2_SECRET_ACCESS_KEY", "SOMETHING_NEW"):
        monkeypatch.setenv(name, SECRET)
    _, lines = in_tool(REPORT, cwd=tmp_path)
    answer: Report = json.loads(lines[0])
    return answer


def test_a_tool_has_a_short_environment_of_its_own(report: Report, tmp_path: Path) -> None:
    assert SECRET not in json.dumps(report["environ"])
    known = {"PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "MALLOC_ARENA_MAX", "LC_CTYPE",
             "LD_LIBRARY_PATH", "SSL_CERT_DIR", "SSL_CERT_FILE"}  # fmt: skip
    assert report["environ"].keys() <= known
    assert (report["environ"]["HOME"], report["environ"]["PATH"]) == (
        str(tmp_path),
        os.environ["PATH"],
    )


def test_a_tool_has_limits_and_can_gain_no_rights(report: Report) -> None:
    assert report["no_new_privs"] == "1"
    assert report["limits"]["CORE"] == [0, 0]
    assert report["limits"]["NOFILE"] == [512, 512]
    assert report["limits"]["CPU"][0] == 10 * (os.cpu_count() or 1) + 60
    assert report["limits"]["FSIZE"] == [4 * 1024**3] * 2
    assert report["limits"]["AS"][0] == report["limits"]["AS"][1] > 8 * 1024**3
    assert len(report["fds"]) <= 4  # the standard three, and the folder that is being read


def test_a_greedy_tool_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCODE_TOOL_MEMORY_BYTES", str(256 * 1024**2))
    greedy, _ = in_tool("bytearray(512 * 1024**2)")
    assert (greedy.exit_code, "MemoryError" in greedy.stderr) == (1, True)
    modest, _ = in_tool("bytearray(16 * 1024**2)")  # the control
    assert modest.exit_code == 0


def test_a_busy_tool_is_ended_by_the_processor_time_it_used() -> None:
    """Call the tether with one second: `run_tool` allows its timeout on every processor."""
    tether = Path(__file__).parents[1] / "tether.py"
    python = [sys.executable, "-I", "-S"]
    tethered = [*python, str(tether), "--limits", "CPU=1", "SIGKILL"]
    done = subprocess.run([*tethered, *python, "-c", "while True: pass"], check=False)
    assert done.returncode == -signal.SIGXCPU


def test_a_worker_hides_its_own_environment_from_the_tools() -> None:
    """Deny `/proc/<worker>/environ` to other processes of the same user."""
    code = (
        "import ctypes; from celery.signals import worker_init; from kushfilms.celery import app;"
        "libc = ctypes.CDLL(None); before = libc.prctl(3, 0, 0, 0, 0);"
        "worker_init.send(sender=None); print(before, libc.prctl(3, 0, 0, 0, 0))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "0"]
