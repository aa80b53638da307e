import json
from pathlib import Path

import psutil
import pytest

from dev.stack import stale_processes
from dev.stack.child import Child, Command
from dev.stack.stale_processes import is_over
from dev.stack.tests.conftest import eventually, python


def note_of(home: Path) -> Path:
    return home / "run" / "sleeper.pid"


def started(child: Child) -> psutil.Process:
    child.start()
    assert child.pid is not None
    process = psutil.Process(child.pid)
    assert eventually(lambda: process.cmdline() == list(child.command.argv))
    return process


def test_a_leftover_is_ended_and_named(child: Child, tmp_path: Path) -> None:
    process = started(child)
    assert stale_processes.end_all(tmp_path / "run") == ["sleeper"]
    assert is_over(process)
    assert not note_of(tmp_path).exists()


def test_children_of_a_leftover_are_ended_too(tmp_path: Path) -> None:
    # The leader obeys and goes; the one it started ignores every request.
    code = (
        "import signal, subprocess, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print(subprocess.Popen(['sleep', '60']).pid, flush=True)\n"
        "signal.signal(signal.SIGTERM, signal.SIG_DFL)\n"
        "time.sleep(60)\n"
    )
    child = Child(Command("sleeper", python(code)), home=tmp_path)
    child.start()
    assert eventually(lambda: bool(child.log_tail()))
    grandchild = psutil.Process(int(child.log_tail()))
    stale_processes.end_all(tmp_path / "run")
    assert eventually(lambda: is_over(grandchild))
    child.stop()


@pytest.mark.parametrize(
    "lie", [{"started": 1.0}, {"argv": ["another", "command"]}, {"pid": 2**22 + 1}]
)
def test_a_process_that_is_not_provably_ours_is_left_alone(
    child: Child, tmp_path: Path, lie: dict[str, object]
) -> None:
    process = started(child)
    noted = json.loads(note_of(tmp_path).read_text())
    note_of(tmp_path).write_text(json.dumps(noted | lie))
    assert stale_processes.end_all(tmp_path / "run") == []
    assert process.is_running()


def test_a_broken_note_is_thrown_away(tmp_path: Path) -> None:
    note_of(tmp_path).parent.mkdir()
    note_of(tmp_path).write_text("")
    assert stale_processes.end_all(tmp_path / "run") == []
    assert not note_of(tmp_path).exists()


def test_a_second_stop_touches_nothing(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may have reused the number of its group by then."""
    started(child)
    child.stop()
    killed: list[int] = []
    monkeypatch.setattr("os.killpg", lambda group, _: killed.append(group))
    child.stop()
    assert killed == []


def test_a_stop_leaves_no_note(child: Child, tmp_path: Path) -> None:
    started(child)
    child.stop()
    assert not note_of(tmp_path).exists()
