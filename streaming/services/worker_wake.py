"""Waking encoders, once what there is to do is committed."""

from django.db import transaction

from kushfilms.core.celery_wake import wake

# More messages than workers could use at once only wait in line.
MOST_AT_ONCE = 16


def wake_workers(count: int) -> None:
    """Ask for up to `count` workers once this transaction is committed."""
    if count > 0:
        transaction.on_commit(lambda: send_wakes(min(count, MOST_AT_ONCE)))


def wake_edges() -> None:
    """Have the list of revoked sessions written again; the beat writes it anyway."""
    wake("streaming.tasks.publish_revocations")


def send_wakes(count: int) -> None:
    wake("streaming.tasks.work_encode", count=count)
