"""Wake-up messages for encoders and for the edges' list, sent once a transaction is committed."""

from django.db import transaction

from kushfilms.core.celery_wake import wake
from kushfilms.core.leases import MOST_WAKES


def wake_workers(count: int) -> None:
    """Ask for up to `count` workers once this transaction is committed."""
    if count > 0:
        transaction.on_commit(lambda: send_wakes(min(count, MOST_WAKES)))


def wake_edges() -> None:
    """Have the list of revoked sessions written soon; the beat writes it anyway."""
    wake("streaming.tasks.publish_revocations")


def send_wakes(count: int) -> None:
    wake("streaming.tasks.work_encode", count=count)
