"""Stacks for test runs."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dev.stack import keys, stale_processes, template_database
from dev.stack.environment import EXTERNAL, Site, contract
from dev.stack.paths import LOCAL
from dev.stack.stack import Stack

ROOT = LOCAL / "test"


@contextmanager
def scratch_home(root: Path = ROOT) -> Iterator[Path]:
    """Make a new folder and delete it afterwards; end and delete leftovers of killed runs first.

    The system's temporary folder does not work: pytest closes its own to other users, and for root
    PostgreSQL runs as another user.
    """
    root.mkdir(parents=True, exist_ok=True)
    with _locked(root / "lock"):
        _sweep(root)
        home = Path(tempfile.mkdtemp(dir=root))
        # The system releases the lock when this process ends, so an unlocked folder is abandoned.
        claim = os.open(home / "lock", os.O_CREAT | os.O_RDWR)
        fcntl.flock(claim, fcntl.LOCK_EX)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)
        os.close(claim)


@contextmanager
def private_stack() -> Iterator[Stack]:
    """Start an unshared, migrated stack that a test can kill, flush and restart, within 1 s."""
    with scratch_home() as home:
        template_database.copy_to(home)
        stack = Stack(home, keys=keys.for_tests(), fast=True)
        stack.start()
        try:
            yield stack
        finally:
            stack.stop()


@contextmanager
def environ_for_tests(given: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Start a stack and yield the environment of a test run. `given` may name external servers."""
    test_keys = keys.for_tests()
    with scratch_home() as home:
        if not given.get(EXTERNAL["postgres"]):
            template_database.copy_to(home)
        stack = Stack(home, keys=test_keys, given=given, fast=True)
        stack.start()
        try:
            # Keys never come from the shell, so that every run is the same.
            fixed = contract(kind="test", site=Site(), home=home, keys=test_keys, given={})
            yield stack.env() | fixed
        finally:
            stack.stop()


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sweep(root: Path) -> None:
    for home in root.iterdir():
        if not home.is_dir():
            continue
        claim = os.open(home / "lock", os.O_CREAT | os.O_RDWR)
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            stale_processes.end_all(home / "run")
            shutil.rmtree(home, ignore_errors=True)
        finally:
            os.close(claim)
