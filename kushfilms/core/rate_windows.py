"""Counters in fixed windows of time, in Redis; without Redis nothing is counted."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis import Redis
from redis.exceptions import RedisError


def rate_of(scope: str) -> tuple[int, int]:
    """Return the limit of a scope of `THROTTLE_RATES`, and the seconds of its window."""
    limit, _, seconds = settings.THROTTLE_RATES[scope].partition("/")
    return int(limit), int(seconds)


def window_count(key: str, *, seconds: int, now: float) -> int:
    """Count one more and return the count of this window; 0 without Redis."""
    return _count(key, seconds, now)[0]


def window_count_reading(cached: str, key: str, *, seconds: int, now: float) -> tuple[int, Any]:
    """Return `window_count` and the cache's value of `cached`, in one round trip."""
    return _count(key, seconds, now, cached)


def windows_count(keys: Sequence[str], *, seconds: int, now: float) -> list[int]:
    """Do `window_count` for many keys in one round trip. Raises RedisError."""
    client: Any = cache.client  # type: ignore[attr-defined]  # of django-redis
    commands: list[tuple[str, ...]] = []
    for key in keys:
        bucket = str(client.make_key(_bucket(key, seconds, now)))
        commands += [("INCR", bucket), ("EXPIRE", bucket, str(seconds), "NX")]
    replies = _pipeline(client.get_client(), commands) if commands else []
    return [int(count) for count in replies[::2]]


def _count(key: str, seconds: int, now: float, *cached: str) -> tuple[int, Any]:
    client: Any = cache.client  # type: ignore[attr-defined]  # of django-redis
    bucket = str(client.make_key(_bucket(key, seconds, now)))
    # `cache.incr` would need two round trips, and leave a counter without an expiry.
    commands = [("INCR", bucket), ("EXPIRE", bucket, str(seconds), "NX")]
    commands += [("GET", str(client.make_key(name))) for name in cached]
    try:
        count, _, *values = _pipeline(client.get_client(), commands)
    except RedisError:
        return 0, None
    value = values[0] if values else None
    return int(count), None if value is None else client.decode(value)


def _pipeline(client: Redis, commands: list[tuple[str, ...]]) -> list[Any]:
    """Run commands in one round trip, at half the cost of the client's own pipeline.

    Every signed-in request waits for one. Nothing is retried, as a request must not be counted
    twice. Raises RedisError.
    """
    pool = client.connection_pool
    connection: Any = pool.get_connection()
    try:
        connection.send_packed_command(connection.pack_commands(commands))
        return [connection.read_response() for _ in commands]
    except BaseException:
        connection.disconnect()  # unread replies would be taken for those of the next command
        raise
    finally:
        pool.release(connection)


def window_seen(key: str, *, seconds: int, now: float) -> int:
    """Return the count of the window at `now` without counting."""
    return int(cache.get(_bucket(key, seconds, now)) or 0)


def window_forget(key: str, *, seconds: int, now: float) -> None:
    cache.delete(_bucket(key, seconds, now))


def window_uncount(key: str, *, seconds: int, now: float) -> None:
    """Decrement the count."""
    try:
        cache.decr(_bucket(key, seconds, now))
    except ValueError:
        return


def window_first(key: str, *, seconds: int, now: float) -> bool:
    """Return whether this is the first of its window; also True without Redis."""
    # Without Redis the result is None, not False.
    return cache.add(_bucket(key, seconds, now), 1, timeout=seconds) is not False


def window_rest(seconds: int, *, now: float) -> float:
    """Return the seconds until the next window."""
    return seconds - now % seconds


def digest(*parts: str) -> str:
    """Return a short digest for keys; input may hold any character, lone surrogates too."""
    joined = "\0".join(parts).encode("utf-8", "backslashreplace")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()


def _bucket(key: str, seconds: int, now: float) -> str:
    return f"throttle:{key}:{int(now // seconds)}"
