"""DRF's throttles as an adapter of `kushfilms.core.rate_limits`."""

import time
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.core.cache import cache as redis_cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from kushfilms.core.client_ids import client_of
from kushfilms.core.context import current
from kushfilms.core.rate_limits import newcomer_of, person_key, rate_limit
from kushfilms.core.rate_windows import rate_of, window_count_reading

if TYPE_CHECKING:  # DRF's views import this module by the settings: at run time it is a cycle
    from rest_framework.views import APIView


class RateLimit(BaseThrottle):
    """A limit of one scope, by person where one is signed in, else by client."""

    scope: ClassVar[str]
    anonymous_scope: ClassVar[str]

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Return True. Raises RateLimited, which the API's exception handler answers."""
        if request.user.is_authenticated:
            rate_limit(self.scope, by=request.user.pk)
            return True
        client = client_of(request)
        rate_limit(self.scope if client.person else self.anonymous_scope, by=client)
        return True


class NewcomerLimit(RateLimit):
    """A limit of one scope, always by client: one person may make many accounts."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        rate_limit(self.scope, by=newcomer_of(request))
        return True


@cache
def limited(scope: str, *, anonymous: str = "") -> type[RateLimit]:
    """Return the throttle class of a scope; `anonymous` is another scope for clients."""
    attributes = {"scope": scope, "anonymous_scope": anonymous or scope}
    return type("RateLimit", (RateLimit,), attributes)


@cache
def newcomers_limited(scope: str) -> type[RateLimit]:
    """Return the throttle class of a scope that counts clients and never persons."""
    return type("NewcomerLimit", (NewcomerLimit,), {"scope": scope})


# Everything without a scope of its own: generous for the signed-in, less for strangers.
DefaultLimit = limited("signed_in", anonymous="anonymous")


def read_and_count(cached: str, *, view: "APIView", user_id: UUID) -> Any:
    """Return a value of the cache; count the person's request in the same round trip."""
    for throttle in view.throttle_classes:
        if issubclass(throttle, RateLimit) and not issubclass(throttle, NewcomerLimit):
            key = f"{throttle.scope}:{person_key(user_id)}"
            if key in current().counted:
                break
            seconds = rate_of(throttle.scope)[1]
            count, value = window_count_reading(cached, key, seconds=seconds, now=time.time())
            current().counted[key] = count
            return value
    return redis_cache.get(cached)
