"""What is costly to make is made by one worker of a run, and taken over by the others."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def once_a_run(name: str, factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where all workers find `name`; nobody else makes or takes it meanwhile."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # each has its own in the run's
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / name
