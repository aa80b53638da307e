"""Counting and reading in one round trip, also after a failed one."""

import time
from uuid import uuid4

from django.core.cache import cache

from kushfilms.core.rate_windows import window_count, window_count_reading, window_forget

MINUTE = 60


def test_it_counts_and_reads() -> None:
    key, held, now = f"test:{uuid4()}", f"held:{uuid4()}", time.time()
    cache.set(held, {"any": ["thing", 1]}, timeout=MINUTE)
    assert window_count_reading(held, key, seconds=MINUTE, now=now) == (1, {"any": ["thing", 1]})
    assert window_count_reading("not-there", key, seconds=MINUTE, now=now) == (2, None)
    assert window_count(key, seconds=MINUTE, now=now) == 3
    assert window_count(key, seconds=MINUTE, now=now + MINUTE) == 1
    window_forget(key, seconds=MINUTE, now=now)
    assert window_count(key, seconds=MINUTE, now=now) == 1


def test_a_counter_has_an_end() -> None:
    key, now = f"test:{uuid4()}", time.time()
    window_count(key, seconds=MINUTE, now=now)
    assert 0 < cache.ttl(f"throttle:{key}:{int(now // MINUTE)}") <= MINUTE  # type: ignore[attr-defined]


def test_after_an_error_no_reply_goes_to_another_command() -> None:
    """Make the first command fail while replies of the others are waiting."""
    key, now = f"test:{uuid4()}", time.time()
    cache.set(f"throttle:{key}:{int(now // MINUTE)}", "no number", timeout=MINUTE)
    cache.set("held", "somebody's", timeout=MINUTE)
    for _ in range(3):
        assert window_count(key, seconds=MINUTE, now=now) == 0
        assert window_count_reading("held", key, seconds=MINUTE, now=now) == (0, None)
        other = f"test:{uuid4()}"
        assert window_count_reading("held", other, seconds=MINUTE, now=now) == (1, "somebody's")
        assert cache.get("held") == "somebody's"
