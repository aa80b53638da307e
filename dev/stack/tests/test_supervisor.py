import signal
import time
from pathlib import Path

import psutil

from dev.stack.child import Child, Command
from dev.stack.stale_processes import is_over
from dev.stack.supervisor import Supervisor
from dev.stack.tests.conftest import eventually, python, sleeper


def supervised(*children: Child, news: list[str]) -> Supervisor:
    supervisor = Supervisor(report=news.append)
    supervisor.adopt(children)
    for child in children:
        child.start()
    return supervisor


def test_a_child_that_dies_is_started_again(child: Child) -> None:
    news: list[str] = []
    supervisor = supervised(child, news=news)
    first = child.pid
    child.signal(signal.SIGKILL)

    def lives_again() -> bool:
        supervisor.check()
        return child.alive and child.pid != first

    assert eventually(lives_again)
    assert news == [f"sleeper exited with -9, restarts in 0.5 s ({child.log_file})"]
    supervisor.stop()


def test_each_early_death_doubles_the_wait(tmp_path: Path) -> None:
    news: list[str] = []
    child = Child(Command("hopeless", python("raise SystemExit(3)")), home=tmp_path)
    supervisor = supervised(child, news=news)

    def died_three_times() -> bool:
        supervisor.check()
        return len(news) == 3

    began = time.monotonic()
    assert eventually(died_three_times, seconds=8)
    assert time.monotonic() - began > 0.5 + 1.0
    assert [line.split()[6] for line in news] == ["0.5", "1", "2"]
    supervisor.stop()


def test_stop_ends_all_the_last_tier_first(tmp_path: Path) -> None:
    order = tmp_path / "order"
    code = (
        "import signal, sys, time, pathlib\n"
        "def leave(*_):\n"
        f"    open({str(order)!r}, 'a').write(sys.argv[1] + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    names = ("database", "web")
    children = [Child(Command(name, (*python(code), name)), home=tmp_path) for name in names]
    supervisor = Supervisor(report=print)
    for child in children:
        supervisor.adopt([child])
        child.start()
    assert eventually(lambda: all(child.log_tail() == "ready" for child in children))
    supervisor.stop()
    assert order.read_text() == "web database "
    assert not any(child.alive for child in children)


def test_one_that_ignores_the_request_is_killed_with_its_group(tmp_path: Path) -> None:
    code = (
        "import signal, subprocess, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print(subprocess.Popen(['sleep', '60']).pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    child = Child(Command("deaf", python(code), grace_seconds=0.2), home=tmp_path)
    supervisor = supervised(child, news=[])
    assert eventually(lambda: bool(child.log_tail()))
    grandchild = psutil.Process(int(child.log_tail()))
    supervisor.stop()
    assert child.exit_code == -9
    assert eventually(lambda: is_over(grandchild))


def test_a_child_never_started_can_be_stopped(tmp_path: Path) -> None:
    supervisor = Supervisor(report=print)
    supervisor.adopt([Child(sleeper(), home=tmp_path)])
    supervisor.stop()
