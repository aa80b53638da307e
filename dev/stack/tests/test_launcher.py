import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from dev.stack import keys, ports, test_stacks
from dev.stack.environment import EXTERNAL
from dev.stack.paths import CHECKOUT
from dev.stack.stale_processes import is_over
from dev.stack.tests.conftest import eventually

Launch = Callable[[], subprocess.Popen[bytes]]
CHILDREN = {"postgres", "valkey", "s3", "web", "beat"}


@pytest.fixture
def home() -> Iterator[Path]:
    with test_stacks.scratch_home() as folder:
        yield folder / "local"


@pytest.fixture
def port() -> int:
    return ports.pick()


@pytest.fixture
def launch(home: Path, port: int) -> Iterator[Launch]:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-m", "dev.stack.tests.launch", str(home), str(port)]
        home.mkdir(exist_ok=True)
        # The parts of this test run are in our environment, and would be used.
        env = {key: value for key, value in os.environ.items() if key not in EXTERNAL.values()}
        with (home / "screen").open("wb") as screen:
            started.append(
                subprocess.Popen(argv, cwd=CHECKOUT, env=env, stdout=screen, stderr=screen)
            )
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.wait(10)


def wait_ready(home: Path) -> None:
    """Wait for the site, half a second on an idle machine; the limit is for a busy one."""
    screen = home / "screen"
    assert eventually(lambda: "is ready" in screen.read_text(), seconds=20), screen.read_text()


def running(home: Path) -> dict[str, psutil.Process]:
    notes = {file.stem: json.loads(file.read_text()) for file in home.glob("run/*.pid")}
    return {name: psutil.Process(noted["pid"]) for name, noted in notes.items()}


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_stop_ends_every_child(launch: Launch, home: Path, signum: int) -> None:
    launcher = launch()
    wait_ready(home)
    children = running(home)
    assert set(children) == CHILDREN
    launcher.send_signal(signum)
    assert launcher.wait(10) == 0
    assert all(is_over(child) for child in children.values())
    assert running(home) == {}


def test_after_a_kill_the_next_start_is_ready_with_the_same_data(
    launch: Launch, home: Path
) -> None:
    launcher = launch()
    wait_ready(home)
    before = running(home)
    environ = keys.read_env_file(home / "env")
    launcher.kill()
    launcher.wait()
    launch()
    wait_ready(home)
    assert all(is_over(child) for child in before.values())
    assert set(running(home)) == CHILDREN
    again = keys.read_env_file(home / "env")
    assert again["SECRET_KEY"] == environ["SECRET_KEY"]


def test_a_second_start_is_refused_while_the_first_runs(launch: Launch, home: Path) -> None:
    launch()
    wait_ready(home)
    children = running(home)
    assert launch().wait(5) != 0
    assert "already running in this checkout: http://" in (home / "screen").read_text()
    assert running(home) == children


def test_children_get_the_environment(launch: Launch, home: Path, port: int) -> None:
    launch()
    wait_ready(home)
    for name, value in keys.read_env_file(home / "env").items():
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/env/{name}") as answer:
            assert answer.read().decode() == value
    assert (home / "env").stat().st_mode & 0o777 == 0o600


def test_a_taken_port_is_one_sentence(launch: Launch, home: Path, port: int) -> None:
    with socket.create_server((ports.LOOPBACK, port)):
        assert launch().wait(5) == 1
    message = f"port {port} is taken; choose another: make run PORT={port + 1}\n"
    assert (home / "screen").read_text() == message
    assert running(home) == {}
