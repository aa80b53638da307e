import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dev.stack.child import Child, Command


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def sleeper(name: str = "sleeper") -> Command:
    return Command(name, python("import time; time.sleep(60)"))


def eventually(holds: Callable[[], bool], *, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    child = Child(sleeper(), home=tmp_path)
    yield child
    child.stop()
