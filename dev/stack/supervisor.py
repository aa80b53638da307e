"""Supervisor that restarts children, and stops them in order."""

import time
from collections.abc import Callable, Sequence

from dev.stack.child import Child

POLL_SECONDS = 0.02
FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
# A child that ran this long was healthy, so its next restart has the first delay again.
HEALTHY_SECONDS = 60.0


class Watch:
    """Child with the delay of its next restart."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self._delay = FIRST_DELAY_SECONDS
        self._started_at = time.monotonic()
        self._due_at: float | None = None

    def check(self, now: float) -> str | None:
        """Restart the child if that is due; return a message if it has just ended."""
        if self._due_at is not None:
            if now >= self._due_at:
                self._due_at = None
                self._started_at = now
                self.child.start()
            return None
        if self.child.alive:
            return None
        return self._schedule_restart(now)

    def _schedule_restart(self, now: float) -> str:
        code = self.child.exit_code
        # The processes that it started must end first, because one could occupy its port.
        self.child.sweep()
        if now - self._started_at > HEALTHY_SECONDS:
            self._delay = FIRST_DELAY_SECONDS
        delay = self._delay
        self._due_at = now + delay
        self._delay = min(delay * 2, LONGEST_DELAY_SECONDS)
        name = self.child.command.name
        return f"{name} exited with {code}, restarts in {delay:g} s ({self.child.log_file})"


class Supervisor:
    """Supervisor of children in tiers; a later tier needs the earlier ones."""

    def __init__(self, *, report: Callable[[str], None]) -> None:
        self._report = report
        self._tiers: list[list[Watch]] = []

    def adopt(self, children: Sequence[Child]) -> None:
        """Supervise children that were started, as the next tier."""
        self._tiers.append([Watch(child) for child in children])

    def check(self) -> None:
        """Check every child once. Call this several times a second, from the main thread."""
        now = time.monotonic()
        for tier in self._tiers:
            for watch in tier:
                message = watch.check(now)
                if message:
                    self._report(message)

    def stop(self) -> None:
        """Stop every child, the last tier first; the children of a tier stop at the same time."""
        while self._tiers:
            _stop_together([watch.child for watch in reversed(self._tiers.pop())])


def _stop_together(children: Sequence[Child]) -> None:
    began = time.monotonic()
    for child in children:
        child.signal(child.command.stop_signal)
    for child in children:
        while child.alive and time.monotonic() - began < child.command.grace_seconds:
            time.sleep(POLL_SECONDS)
        child.sweep()
