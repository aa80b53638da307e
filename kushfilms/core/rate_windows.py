"""Counting in fixed windows of time. Counters live in Redis; while it is away nothing counts."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis import Redis
from redis.exceptions import RedisError


def rate_of(scope: str) -> tuple[int, int]:
    """Return how many a scope of `THROTTLE_RATES` allows, and the seconds of its window."""
    limit, _, seconds = settings.THROTTLE_RATES[scope].partition("/")
    return int(limit), int(seconds)


def window_count(key: str, *, seconds: int, now: float) -> int:
    """One more; how many there are in this window. 0: nobody knows."""
    return _count(key, seconds, now)[0]


def window_count_reading(cached: str, key: str, *, seconds: int, now: float) -> tuple[int, Any]:
    """`window_count`, and what the cache holds under `cached`, for one round trip."""
    return _count(key, seconds, now, cached)


def _count(key: str, seconds: int, now: float, *cached: str) -> tuple[int, Any]:
    client: Any = cache.client  # type: ignore[attr-defined]  # of django-redis
    bucket = str(client.make_key(_bucket(key, seconds, now)))
    # `cache.incr` would need two round trips, and leave a counter without an end.
    commands = [("INCR", bucket), ("EXPIRE", bucket, str(seconds), "NX")]
    commands += [("GET", str(client.make_key(name))) for name in cached]
    try:
        count, _, *held = _at_once(client.get_client(), commands)
    except RedisError:
        return 0, None
    return int(count), client.decode(held[0]) if held and held[0] is not None else None


def _at_once(client: Redis, commands: list[tuple[str, ...]]) -> list[Any]:
    """A pipeline, at half of what the client's own costs: every signed-in request waits for one.

    Raises RedisError. Nothing is tried again: a request that counted twice would be one too many.
    """
    pool = client.connection_pool
    connection: Any = pool.get_connection()
    try:
        connection.send_packed_command(connection.pack_commands(commands))
        return [connection.read_response() for _ in commands]
    except BaseException:
        connection.disconnect()  # answers that were not read are not the next one's
        raise
    finally:
        pool.release(connection)


def window_seen(key: str, *, seconds: int, now: float) -> int:
    """Return the count of the window at `now`, without counting."""
    return int(cache.get(_bucket(key, seconds, now)) or 0)


def window_forget(key: str, *, seconds: int, now: float) -> None:
    cache.delete(_bucket(key, seconds, now))


def window_uncount(key: str, *, seconds: int, now: float) -> None:
    """Take one back."""
    try:
        cache.decr(_bucket(key, seconds, now))
    except ValueError:
        return


def window_first(key: str, *, seconds: int, now: float) -> bool:
    """Whether nobody has come in this window yet; also when nobody knows."""
    # Redis away answers None, not False.
    return cache.add(_bucket(key, seconds, now), 1, timeout=seconds) is not False


def window_rest(seconds: int, *, now: float) -> float:
    """Seconds until the next window."""
    return seconds - now % seconds


def digest(*parts: str) -> str:
    """For keys: what people type may hold anything, lone surrogates too."""
    joined = "\0".join(parts).encode("utf-8", "backslashreplace")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()


def _bucket(key: str, seconds: int, now: float) -> str:
    return f"throttle:{key}:{int(now // seconds)}"
