"""Counts of unread notifications, cached, as every page shows one.

As with principals, a change puts a barrier on the key for a moment, so that a request that counted
before the change cannot cache the old count after it.
"""

from collections.abc import Iterable
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from accounts.models import Notification

CACHE_SECONDS = 300
BARRIER = "changed"
BARRIER_SECONDS = 5


def unread_count(user_id: UUID) -> int:
    cached = cache.get(_key(user_id))
    if isinstance(cached, int):
        return cached
    count = Notification.objects.filter(user_id=user_id, read_at=None).count()
    if cached is None:
        cache.add(_key(user_id), count, timeout=CACHE_SECONDS)
    return count


def unread_forget(user_ids: Iterable[UUID]) -> None:
    """Drop cached counts when the transaction commits."""
    barriers = {_key(user_id): BARRIER for user_id in user_ids}
    if barriers:
        transaction.on_commit(lambda: cache.set_many(barriers, timeout=BARRIER_SECONDS))


def _key(user_id: UUID) -> str:
    return f"unread:{user_id}"
