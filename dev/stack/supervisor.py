"""Keeps children alive, and ends them in order."""

import time
from collections.abc import Callable, Sequence

from dev.stack.child import Child

POLL_SECONDS = 0.02
FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
# One that lived this long was well: its next death starts from the first delay again.
HEALTHY_SECONDS = 60.0


class Watch:
    """One child and its history of deaths."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self._delay = FIRST_DELAY_SECONDS
        self._started_at = time.monotonic()
        self._due_at: float | None = None

    def look(self, now: float) -> str | None:
        """Notice a death or start again when that is due; a sentence when there is news."""
        if self._due_at is not None:
            if now >= self._due_at:
                self._due_at = None
                self._started_at = now
                self.child.start()
            return None
        if self.child.alive:
            return None
        return self._bury(now)

    def _bury(self, now: float) -> str:
        code = self.child.exit_code
        # What it started must be gone first: an orphan could hold its port.
        self.child.sweep()
        if now - self._started_at > HEALTHY_SECONDS:
            self._delay = FIRST_DELAY_SECONDS
        delay = self._delay
        self._due_at = now + delay
        self._delay = min(delay * 2, LONGEST_DELAY_SECONDS)
        name = self.child.command.name
        return f"{name} ended with {code}, starts again in {delay:g} s ({self.child.log_file})"


class Supervisor:
    """Children in tiers; a later tier needs the earlier ones."""

    def __init__(self, *, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._tiers: list[list[Watch]] = []

    def adopt(self, children: Sequence[Child]) -> None:
        """Watch children that were started, as the next tier."""
        self._tiers.append([Watch(child) for child in children])

    def look(self) -> None:
        """One round; call it a few times a second, from the main thread."""
        now = time.monotonic()
        for tier in self._tiers:
            for watch in tier:
                news = watch.look(now)
                if news:
                    self._tell(news)

    def stop(self) -> None:
        """End every child, the last tier first, a tier together so that their graces overlap."""
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
