"""Waking workers. A wake-up says only "look at the rows"; losing one loses nothing."""

import logging
from typing import Any

from kombu.exceptions import OperationalError

from kushfilms.core.breaker import Breaker

logger = logging.getLogger(__name__)

# A wake-up nobody took by then is worthless: the sweep sends fresh ones.
EXPIRES_SECONDS = 60
broker = Breaker(pause_seconds=2)


def wake(task: Any, *args: Any, count: int = 1, queue: str | None = None) -> None:
    """Send a Celery task so many times; when the broker is away the sweep makes up for it."""
    if broker.blocks():
        return
    try:
        for _ in range(count):
            task.apply_async(args=args, queue=queue, expires=EXPIRES_SECONDS, retry=False)
    except OperationalError:
        broker.failed()
        logger.warning("no wake-up sent: the broker is away")
    else:
        broker.worked()
