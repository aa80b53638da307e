"""Renewal of a lease while the engine works."""

import logging
import threading
import time
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from kushfilms.core.leases import LeaseLost
from streaming.models import WorkItem
from streaming.services.ledger import work_renew

logger = logging.getLogger(__name__)


class LeaseKeeper:
    """Renewal of an item's lease and progress from a thread of its own.

    The engine calls `should_stop` between blocks; it returns True once the lease is lost, so that
    no two workers continue one piece. A database that is away does not stop the work, because no
    other worker can claim the piece in that time.
    """

    def __init__(self, item: WorkItem) -> None:
        self.item = item
        self.interval_seconds = settings.ENCODE_LEASE_SECONDS / 4
        self._progress = 0.0
        self._lost = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"lease-{item.pk}", daemon=True)

    def __enter__(self) -> "LeaseKeeper":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def progress(self, fraction: float) -> None:
        """Set the share done, 0 to 1, which the next renewal writes."""
        self._progress = fraction

    def should_stop(self) -> bool:
        return self._lost.is_set()

    def check(self) -> None:
        """Raise LeaseLost when another worker holds the piece."""
        if self._lost.is_set():
            raise LeaseLost(str(self.item))

    def _run(self) -> None:
        # Pages show the progress, so it is written more often than the lease needs.
        pause = min(2.0, self.interval_seconds)
        written = -1.0
        renewed_at = time.monotonic()
        try:
            while not self._ended.wait(pause):
                due = time.monotonic() - renewed_at >= self.interval_seconds
                if due or self._progress - written >= 0.02:
                    written = self._progress
                    renewed_at = time.monotonic()
                    self._renew(written)
        finally:
            connection.close()

    def _renew(self, progress: float) -> None:
        try:
            work_renew(self.item, progress=progress, now=timezone.now())
        except LeaseLost:
            self._lost.set()
        except DatabaseError:
            logger.warning("cannot renew the lease of %s: the database is away", self.item)
            connection.close()
