"""Rate limits, by scope. Counters live in Redis; when it is away nobody is locked out."""

import time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from kushfilms.core.client import anonymous_key
from kushfilms.core.context import current
from kushfilms.core.windows import window_count, window_count_reading, window_rest

if TYPE_CHECKING:  # DRF's views import this module by the settings: at run time it is a cycle
    from rest_framework.views import APIView


class WindowThrottle(BaseThrottle):
    """At most `rate` requests of one key in a fixed window."""

    scope: str
    wait_seconds: float | None = None

    def count(self, scope: str, key: str) -> bool:
        limit, seconds = _rate(scope)
        now = time.time()
        key = f"{scope}:{key}"
        count = current().counted.pop(key, None)
        if count is None:
            count = window_count(key, seconds=seconds, now=now)
        if count <= limit:
            return True
        self.wait_seconds = window_rest(seconds, now=now)
        return False

    def wait(self) -> float | None:
        return self.wait_seconds


class ViewerThrottle(WindowThrottle):
    """By person where somebody is signed in, else by client."""

    stranger_scope: str | None = None  # None: the same

    def allow_request(self, request: Request, view: "APIView") -> bool:
        user = request.user
        if user.is_authenticated:
            return self.count(self.scope, f"u:{user.pk}")
        return self.count(self.stranger_scope or self.scope, f"a:{anonymous_key(request)}")


def read_and_count(cached: str, *, view: "APIView", user_id: UUID) -> Any:
    """What the cache holds; the person's request is counted ahead in the same round trip."""
    for throttle in view.throttle_classes:
        if issubclass(throttle, ViewerThrottle):
            key, (_, seconds) = f"{throttle.scope}:u:{user_id}", _rate(throttle.scope)
            count, held = window_count_reading(cached, key, seconds=seconds, now=time.time())
            current().counted[key] = count
            return held
    return cache.get(cached)


def _rate(scope: str) -> tuple[int, int]:
    """Requests, and the seconds of their window."""
    limit, _, seconds = settings.THROTTLE_RATES[scope].partition("/")
    return int(limit), int(seconds)


class DefaultThrottle(ViewerThrottle):
    """Everything without a scope of its own: generous for the signed-in, less for strangers."""

    scope, stranger_scope = "signed_in", "anonymous"


class RegisterThrottle(WindowThrottle):
    scope = "register"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        return self.allow_client(request)

    def allow_client(self, request: HttpRequest | Request) -> bool:
        """The same count for the API and for the site's form."""
        return self.count(self.scope, anonymous_key(request))


class DeviceCodeThrottle(WindowThrottle):
    """How many TVs of one kind may wait for a person at once, behind one address."""

    scope = "device_code"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        return self.allow_client(request)

    def allow_client(self, request: HttpRequest | Request) -> bool:
        """The same count for the API and for our own TV page."""
        return self.count(self.scope, anonymous_key(request))


class DeviceCodeTriesThrottle(WindowThrottle):
    """Codes typed, by person and by browser: neither many accounts nor many tabs help to guess."""

    scope = "device_code_tries"

    def allow_person(self, request: HttpRequest, user_id: object) -> bool:
        person = self.count(self.scope, f"u:{user_id}")
        return self.count(self.scope, f"c:{anonymous_key(request)}") and person


class MoviesThrottle(ViewerThrottle):
    scope = "movies"


class AdminVideosThrottle(ViewerThrottle):
    scope = "admin_videos"


class PersonThrottle(ViewerThrottle):
    """What a signed-in person writes, counted alike for the API and for the site's form."""

    def allow_person(self, user_id: UUID) -> bool:
        return self.count(self.scope, f"u:{user_id}")


class CommentThrottle(PersonThrottle):
    scope = "comments"


class KeepingThrottle(PersonThrottle):
    """Favourites, likes and follows: buttons."""

    scope = "keeping"


class CheckoutThrottle(PersonThrottle):
    """Pages of the payment service: each is a call to it that a person waits for."""

    scope = "checkout"


class RatingThrottle(PersonThrottle):
    scope = "ratings"


class ShareThrottle(ViewerThrottle):
    scope = "shares"


class ReportThrottle(PersonThrottle):
    scope = "reports"


class TakedownThrottle(RegisterThrottle):
    scope = "takedowns"


class AvatarThrottle(PersonThrottle):
    """Pictures of oneself: each is decoded, drawn and stored."""

    scope = "avatars"


class ExportThrottle(PersonThrottle):
    scope = "export"
