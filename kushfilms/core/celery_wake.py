"""Waking workers. A wake-up says only "look at the rows"; losing one loses nothing."""

import logging
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

from kushfilms.core.breaker import Breaker

logger = logging.getLogger(__name__)

# A wake-up nobody took by then is worthless: the sweep sends fresh ones.
EXPIRES_SECONDS = 60
broker = Breaker(pause_seconds=2)


def wake(task: str, *args: Any, count: int = 1, queue: str | None = None) -> None:
    """Send the Celery task of this name `count` times; while the broker is away, send nothing.

    By name, because tasks import services and no service imports a task.
    """
    if broker.blocks():
        return
    try:
        for _ in range(count):
            current_app.send_task(
                task, args=args, queue=queue, expires=EXPIRES_SECONDS, retry=False
            )
    except OperationalError:
        broker.failed()
        logger.warning("no wake-up sent: the broker is away")
    else:
        broker.worked()
