"""Wake-ups of workers by Celery. A lost wake-up only delays work, which is in database rows."""

import logging
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

from kushfilms.core.breaker import Breaker

logger = logging.getLogger(__name__)

# A wake-up that no worker took by then is useless: the sweep sends new ones.
EXPIRES_SECONDS = 60
broker = Breaker(pause_seconds=2)


def wake(task: str, *args: Any, count: int = 1, queue: str | None = None) -> None:
    """Send the Celery task of this name `count` times; send nothing while the broker is down.

    By name, because tasks import services and no service may import a task.
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
        logger.warning("no wake-up sent: the broker is unavailable")
    else:
        broker.worked()
