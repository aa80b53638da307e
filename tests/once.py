"""Costly fixtures that one worker of a run makes and the others reuse."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def once_a_run(name: str, factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield the shared path of `name`, locked for this worker."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # each has its own in the run's
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / name
