"""Waking workers. A wake-up says only "look into the ledger"; losing one loses nothing."""

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# More messages than workers could use at once only wait in line.
MOST_AT_ONCE = 16
# A wake-up nobody took by then is worthless: the sweep sends fresh ones.
EXPIRES_SECONDS = 60


def wake_workers(count: int) -> None:
    """Ask for up to `count` workers once this transaction is committed."""
    if count > 0:
        transaction.on_commit(lambda: send_wakes(min(count, MOST_AT_ONCE)))


def wake_edges() -> None:
    """Have the list of revoked sessions written again; the beat writes it anyway."""
    from streaming.tasks import publish_revocations

    try:
        publish_revocations.apply_async(expires=EXPIRES_SECONDS, retry=False)
    except OperationalError:
        logger.warning("the broker is away: edges hear of it at the next beat")


def send_wakes(count: int) -> None:
    from streaming.tasks import work_encode

    try:
        for _ in range(count):
            work_encode.apply_async(expires=EXPIRES_SECONDS, retry=False)
    except OperationalError:
        # The broker is away; the sweep wakes workers when it is back.
        logger.warning("no wake-up sent: the broker is away")
