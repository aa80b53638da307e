"""Rate limits, by scope. Counters live in Redis; when it is away nobody is locked out."""

import time
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from kushfilms.core.client import anonymous_key
from kushfilms.core.windows import window_count, window_rest

if TYPE_CHECKING:  # DRF's views import this module by the settings: at run time it is a cycle
    from rest_framework.views import APIView


class WindowThrottle(BaseThrottle):
    """At most `rate` requests of one key in a fixed window."""

    scope = "signed_in"
    wait_seconds: float | None = None

    def key(self, request: Request, view: "APIView") -> str:
        user = request.user
        return f"u:{user.pk}" if user.is_authenticated else f"a:{anonymous_key(request)}"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        return self.count(self.scope, self.key(request, view))

    def count(self, scope: str, key: str) -> bool:
        limit, window = (int(part) for part in settings.THROTTLE_RATES[scope].split("/"))
        now = time.time()
        if window_count(f"{scope}:{key}", seconds=window, now=now) <= limit:
            return True
        self.wait_seconds = window_rest(window, now=now)
        return False

    def wait(self) -> float | None:
        return self.wait_seconds


class DefaultThrottle(WindowThrottle):
    """Everything without a scope of its own: generous for the signed-in, less for strangers."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        scope = "signed_in" if request.user.is_authenticated else "anonymous"
        return self.count(scope, self.key(request, view))


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


class MoviesThrottle(WindowThrottle):
    scope = "movies"


class AdminVideosThrottle(WindowThrottle):
    scope = "admin_videos"


class PersonThrottle(WindowThrottle):
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


class ShareThrottle(WindowThrottle):
    scope = "shares"


class ReportThrottle(PersonThrottle):
    scope = "reports"


class TakedownThrottle(RegisterThrottle):
    scope = "takedowns"


class ExportThrottle(PersonThrottle):
    scope = "export"
