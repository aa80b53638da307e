"""Password hashes: made and checked a few at a time, over one spelling of the password.

A hash takes a core for some 20 ms on purpose. Beyond `PASSWORD_HASHES_AT_ONCE` in a process the
others wait for a moment, and then get a 503: the pages that need no password go on.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.contrib.auth import hashers

from accounts.models import User
from kushfilms.core.errors import Unavailable
from kushfilms.core.text import password_normalise

LONGEST_WAIT_SECONDS = 2.0
RETRY_AFTER_SECONDS = 5


@cache
def _slots() -> threading.BoundedSemaphore:
    """This process's. Web processes are started anew, never forked from one that hashes."""
    return threading.BoundedSemaphore(settings.PASSWORD_HASHES_AT_ONCE)


@contextmanager
def _slot() -> Iterator[None]:
    """Raises Unavailable."""
    slots = _slots()
    if not slots.acquire(timeout=LONGEST_WAIT_SECONDS):
        message = "Many people are signing in right now. Try again in a few seconds."
        raise Unavailable(message, retry_after_seconds=RETRY_AFTER_SECONDS)
    try:
        yield
    finally:
        slots.release()


def password_hash(typed: str) -> str:
    """Return what to store of a new password. Raises Unavailable."""
    with _slot():
        return hashers.make_password(password_normalise(typed))


def password_matches(user: User | None, typed: str) -> bool:
    """Return whether it is the person's password. Takes as long for None, who has none.

    A hash older than the rule of one spelling is of the password as it was typed then. A hash of
    other parameters than today's is replaced. Raises Unavailable.
    """
    encoded = user.password if user else None
    for spelling in dict.fromkeys((password_normalise(typed), typed)):
        with _slot():
            right = _matches(spelling, encoded)
        if right and user:
            _renew(user, spelling)
            return True
    return False


def _matches(spelling: str, encoded: str | None) -> bool:
    if encoded is None:
        hashers.make_password(spelling)  # spend what a check costs, so that time tells nothing
        return False
    return hashers.check_password(spelling, encoded)


def _renew(user: User, spelling: str) -> None:
    """Store the password with today's parameters, unless it was changed at this moment."""
    old = user.password
    preferred = hashers.get_hasher()
    used = hashers.identify_hasher(old)
    if used.algorithm == preferred.algorithm and not preferred.must_update(old):
        return
    new = password_hash(spelling)
    if User.objects.filter(pk=user.pk, password=old).update(password=new):
        user.password = new
