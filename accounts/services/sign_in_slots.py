"""Turns of unknown clients at an account under attack.

If the first request in each ten seconds had the turn, a fast script with many addresses would have
every turn. So a client must first wait, and the clients that have waited draw lots. An attacker
that sends each request from another address has never waited.
"""

import random

from django.core.cache import cache
from django.utils.translation import gettext_noop

from kushfilms.core.rate_windows import window_count, window_seen
from kushfilms.core.wait_texts import too_often

TOO_MANY_TRIES = gettext_noop(
    "Too many tries. Try again in %(wait)s, or choose a new password by e-mail."
)
PAUSE_SECONDS = 10
# Time for which a waiting client keeps its place.
PLACE_SECONDS = 180


def turn_take(account: str, client: str, *, now: float) -> None:
    """Let the client try once. Raises RateLimited with the time to wait."""
    place = f"sign-in-place:{account}:{client}"
    since = cache.get(place)
    waited = now - float(since) if since is not None else 0.0
    if since is None or waited < PAUSE_SECONDS:
        if since is None:
            cache.set(place, now, timeout=PLACE_SECONDS)
        raise too_often(PAUSE_SECONDS - waited, message=TOO_MANY_TRIES)
    # Lots are drawn among the clients that have waited: about one wins in ten seconds.
    lots = f"sign-in-lots:{account}"
    here = window_count(lots, seconds=PAUSE_SECONDS, now=now)
    before = window_seen(lots, seconds=PAUSE_SECONDS, now=now - PAUSE_SECONDS)
    if random.random() * max(here, before, 1) >= 1:  # noqa: S311  fairness, not secrecy
        cache.set(place, now, timeout=PLACE_SECONDS)
        raise too_often(PAUSE_SECONDS, message=TOO_MANY_TRIES)
    cache.delete(place)
