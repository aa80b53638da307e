"""Waiting for a server to answer, and not a moment longer."""

import time
from collections.abc import Callable

from dev.stack.child import Child, ChildError

POLL_SECONDS = 0.05


def until(answers: Callable[[], bool], *, child: Child, timeout_seconds: float = 30) -> None:
    """Ask `answers` until it is true.

    Raises ChildError, with the end of the log, when the child dies first or the time is up.
    """
    deadline = time.monotonic() + timeout_seconds
    while not answers():
        if not child.alive or time.monotonic() > deadline:
            fate = "does not answer" if child.alive else f"ended with {child.exit_code}"
            raise ChildError(f"{child.command.name} {fate}:\n{child.last_words()}")
        time.sleep(POLL_SECONDS)
