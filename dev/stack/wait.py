"""Wait for a server to answer."""

import time
from collections.abc import Callable

from dev.stack.child import Child, ChildError

POLL_SECONDS = 0.05


def until(answers: Callable[[], bool], *, child: Child, timeout_seconds: float = 30) -> None:
    """Poll `answers` until it returns true.

    Raises:
        ChildError: the child ended, or the time is up. The message has the end of the log.
    """
    deadline = time.monotonic() + timeout_seconds
    while not answers():
        if not child.alive or time.monotonic() > deadline:
            state = "does not answer" if child.alive else f"exited with {child.exit_code}"
            raise ChildError(f"{child.command.name} {state}:\n{child.log_tail()}")
        time.sleep(POLL_SECONDS)
