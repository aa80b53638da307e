"""Rate limits, by scope. Counters live in Redis; when it is away nobody is locked out."""

import hashlib
import time
import unicodedata
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from kushfilms.core.client import anonymous_key, client_address

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
        bucket = f"throttle:{scope}:{key}:{int(now // window)}"
        cache.add(bucket, 0, timeout=window)
        try:
            used = cache.incr(bucket)
        except ValueError:  # Redis is away, or was flushed between the two calls
            return True
        if used is None or used <= limit:
            return True
        self.wait_seconds = window - now % window
        return False

    def wait(self) -> float | None:
        return self.wait_seconds


class DefaultThrottle(WindowThrottle):
    """Everything without a scope of its own: generous for the signed-in, less for strangers."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        scope = "signed_in" if request.user.is_authenticated else "anonymous"
        return self.count(scope, self.key(request, view))


class LoginThrottle(WindowThrottle):
    """Per address and account: one person cannot lock out the others behind an address."""

    scope = "login"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        data = request.data if isinstance(request.data, dict) else {}
        return self.allow_account(request, str(data.get("email", "")))

    def allow_account(self, request: HttpRequest | Request, email: str) -> bool:
        """The same count for the API and for the site's form."""
        account = unicodedata.normalize("NFKC", email[:254]).strip().casefold()
        # Hashed: what people type may hold anything, lone surrogates too.
        digest = hashlib.blake2b(account.encode("utf-8", "backslashreplace"), digest_size=16)
        return self.count(self.scope, f"{client_address(request)}:{digest.hexdigest()}")


class RegisterThrottle(WindowThrottle):
    scope = "register"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        return self.allow_client(request)

    def allow_client(self, request: HttpRequest | Request) -> bool:
        """The same count for the API and for the site's form."""
        return self.count(self.scope, anonymous_key(request))


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


class ReportThrottle(PersonThrottle):
    scope = "reports"


class TakedownThrottle(RegisterThrottle):
    scope = "takedowns"


class ExportThrottle(PersonThrottle):
    scope = "export"
