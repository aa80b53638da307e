"""Limit of network addresses per stream token: a phone has a few, a shared link dozens."""

import ipaddress
import logging
import threading
import time
from collections import OrderedDict
from uuid import UUID

logger = logging.getLogger(__name__)

# `deploy/edge/worker.js` has the same figures. A phone that moves between cells and Wi-Fi behind a
# carrier's pool of addresses was never seen with more than a few in ten minutes.
MOST_ADDRESSES = 12
WINDOW_SECONDS = 600
MOST_SESSIONS = 20_000


class Addresses:
    """Recent addresses by session, in the memory of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[UUID, dict[str, float]] = OrderedDict()

    def admit(self, session_id: UUID, address: str | None) -> bool:
        """Return True if this address may fetch; earlier addresses keep their access."""
        if address is None:
            return True
        now = time.monotonic()
        name = address
        if ":" in address:  # the /64 network, which a home's IPv6 addresses share
            name = str(ipaddress.ip_network(f"{address}/64", strict=False))
        with self._lock:
            seen = self._seen.setdefault(session_id, {})
            self._seen.move_to_end(session_id)
            if len(self._seen) > MOST_SESSIONS:
                self._seen.popitem(last=False)
            if name not in seen:
                for old in [key for key, at in seen.items() if now - at > WINDOW_SECONDS]:
                    del seen[old]
                if len(seen) >= MOST_ADDRESSES:
                    logger.warning("session %s is used from too many addresses", session_id)
                    return False
            seen[name] = now
            return True


addresses = Addresses()
