"""Password hashes, made and checked a few at a time, of the normalised password.

A hash takes a core for some 20 ms on purpose. Beyond `PASSWORD_HASHES_AT_ONCE` in a process,
requests wait for a moment and then get a 503, so that pages without a password stay fast.
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
    """Return the semaphore of this process; no process forks from one that hashes."""
    return threading.BoundedSemaphore(settings.PASSWORD_HASHES_AT_ONCE)


@contextmanager
def _slot() -> Iterator[None]:
    """Take one of the slots. Raises Unavailable."""
    slots = _slots()
    if not slots.acquire(timeout=LONGEST_WAIT_SECONDS):
        message = "Many people are signing in. Try again in a few seconds."
        raise Unavailable(message, retry_after_seconds=RETRY_AFTER_SECONDS)
    try:
        yield
    finally:
        slots.release()


def password_hash(typed: str) -> str:
    """Return the hash of a new password. Raises Unavailable."""
    with _slot():
        return hashers.make_password(password_normalise(typed))


def password_matches(user: User | None, typed: str) -> bool:
    """Return whether the password is the person's; takes as long for None, an unknown person.

    Hashes from before normalisation are of the password as typed. A hash with outdated parameters
    is replaced. Raises Unavailable.
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
        hashers.make_password(spelling)  # takes as long as a check, so that time reveals nothing
        return False
    return hashers.check_password(spelling, encoded)


def _renew(user: User, spelling: str) -> None:
    """Store the password with current parameters, unless it was changed meantime."""
    old = user.password
    preferred = hashers.get_hasher()
    used = hashers.identify_hasher(old)
    if used.algorithm == preferred.algorithm and not preferred.must_update(old):
        return
    new = password_hash(spelling)
    if User.objects.filter(pk=user.pk, password=old).update(password=new):
        user.password = new
