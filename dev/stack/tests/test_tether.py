import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from dev.stack.paths import CHECKOUT, TETHER
from dev.stack.stale_processes import is_over
from dev.stack.tests.conftest import eventually

TETHERED = [sys.executable, "-I", "-S", str(TETHER)]
# Starts a grandchild with the arguments given, says its pid, and lingers.
PARENT = """
import subprocess, sys, time
child = subprocess.Popen(sys.argv[1:])
print(child.pid, flush=True)
time.sleep(60)
"""


def start_parent(*argv: str) -> tuple[subprocess.Popen[str], psutil.Process]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *argv], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    with parent.stdout:
        return parent, psutil.Process(int(parent.stdout.readline()))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's part of it")
def test_child_dies_when_its_parent_is_killed() -> None:
    parent, child = start_parent(*TETHERED, "SIGTERM", "sleep", "60")
    assert eventually(lambda: child.name() == "sleep")
    parent.kill()
    parent.wait()
    assert eventually(lambda: is_over(child))


def test_without_a_tether_the_child_survives() -> None:
    """Control: the result if the tether did nothing."""
    parent, child = start_parent("sleep", "60")
    parent.kill()
    parent.wait()
    assert not eventually(lambda: is_over(child), seconds=0.3)
    child.kill()


def test_a_parent_that_is_already_gone_ends_the_child_before_the_command(tmp_path: Path) -> None:
    proof = tmp_path / "ran"
    argv = [*TETHERED, "--parent", "1", "SIGTERM", "touch", str(proof)]
    assert subprocess.run(argv, check=False).returncode == 125
    assert not proof.exists()


def test_a_missing_command_is_127_and_a_sentence() -> None:
    done = subprocess.run(
        [*TETHERED, "SIGTERM", "no-such-command"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 127
    assert done.stderr == "tether: cannot run no-such-command: No such file or directory\n"


def test_the_command_gets_its_arguments_and_its_exit_code_comes_back() -> None:
    argv = [*TETHERED, "SIGTERM", sys.executable, "-c", "import sys; sys.exit(len(sys.argv))"]
    assert subprocess.run([*argv, "a b", ""], cwd=CHECKOUT, check=False).returncode == 3


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change the user")
@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's part of it")
def test_a_child_that_gave_up_root_is_still_tied() -> None:
    parent, child = start_parent(*TETHERED, "--user", "nobody", "SIGINT", "sleep", "60")
    assert eventually(lambda: child.name() == "sleep")
    assert child.username() == "nobody"
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert eventually(lambda: is_over(child))
