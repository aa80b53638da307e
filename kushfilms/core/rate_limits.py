"""Rate limits by scope (`THROTTLE_RATES`). Counters live in Redis; without it nothing is limited.

A signed-in person has one count per scope. An anonymous client is counted three times: by the id
that we signed, if it is an hour old; together with all clients of its network without such an id;
and together with every client of its network (`THROTTLE_CEILINGS`,
docs/adr/0015-anonymous-limits.md).
"""

import time
from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

from kushfilms.core.client_ids import Client, client_of
from kushfilms.core.context import current
from kushfilms.core.rate_windows import rate_of, window_count, window_rest
from kushfilms.core.wait_texts import TOO_OFTEN, too_often


def rate_limit(scope: str, *, by: UUID | Client | str, message: str = TOO_OFTEN) -> None:
    """Count one request of a person (by id), of a client, or of any other key.

    Raises:
        RateLimited: the window is full; `message` is the sentence, with `%(wait)s`.
    """
    if not isinstance(by, Client):
        _count(scope, person_key(by) if isinstance(by, UUID) else by, message)
        return
    if by.person:
        _count(scope, f"u:{by.person}", message)
        return
    if by.ripe:
        _count(scope, f"c:{by.id}", message)
    else:
        times = settings.THROTTLE_CEILINGS["strangers"]
        _count(scope, f"s:{by.network}", message, times=times)
    # A refused request does not use up the share of its network.
    rate_limit_network(scope, network=by.network, message=message)


def rate_limit_network(scope: str, *, network: str, message: str = TOO_OFTEN) -> None:
    """Count one request of a whole network. Raises RateLimited."""
    _count(scope, f"n:{network}", message, times=settings.THROTTLE_CEILINGS["network"])


def person_key(user_id: UUID) -> str:
    return f"u:{user_id}"


def newcomer_of(request: HttpRequest | Request) -> Client:
    """Return the client of a request without its person, who may have many accounts."""
    return replace(client_of(request), person="")


def _count(scope: str, key: str, message: str, *, times: int = 1) -> None:
    """Count a request; `times` multiplies the scope's limit. Raises RateLimited."""
    limit, seconds = rate_of(scope)
    now = time.time()
    key = f"{scope}:{key}"
    count = current().counted.pop(key, None)
    if count is None:
        count = window_count(key, seconds=seconds, now=now)
    if count > limit * times:
        raise too_often(window_rest(seconds, now=now) or 1, message=message)
