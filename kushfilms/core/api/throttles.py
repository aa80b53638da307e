"""Rate limits, by scope. Counters live in Redis; while it is away there is no limit.

A signed-in person counts by themselves. An anonymous client counts three times: by the id that we
signed, if it is an hour old; together with all clients of its network without such an id; and
together with everybody of its network (`THROTTLE_CEILINGS`, docs/adr/0015-anonymous-limits.md).
"""

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from kushfilms.core.client_ids import Client, client_of
from kushfilms.core.context import current
from kushfilms.core.errors import RateLimited
from kushfilms.core.rate_windows import rate_of, window_count, window_count_reading, window_rest
from kushfilms.core.wait_texts import TOO_OFTEN, too_often

if TYPE_CHECKING:  # DRF's views import this module by the settings: at run time it is a cycle
    from rest_framework.views import APIView


class WindowThrottle(BaseThrottle):
    """At most `rate` requests of one key in a fixed window."""

    scope: str
    wait_seconds: float | None = None

    def count(self, scope: str, key: str, *, times: int = 1) -> bool:
        """Count a request; `times` multiplies the scope's limit."""
        limit, seconds = rate_of(scope)
        now = time.time()
        key = f"{scope}:{key}"
        count = current().counted.pop(key, None)
        if count is None:
            count = window_count(key, seconds=seconds, now=now)
        if count <= limit * times:
            return True
        self.wait_seconds = window_rest(seconds, now=now)
        return False

    def count_client(self, scope: str, client: Client) -> bool:
        """Count a request of a person, or of an anonymous client in all of its windows."""
        if client.person:
            return self.count(scope, f"u:{client.person}")
        ceilings = settings.THROTTLE_CEILINGS
        if client.ripe:
            narrow = self.count(scope, f"c:{client.id}")
        else:
            narrow = self.count(scope, f"s:{client.network}", times=ceilings["strangers"])
        if not narrow:
            return False  # refused requests do not use up what the network has
        return self.count(scope, f"n:{client.network}", times=ceilings["network"])

    def allow_client(self, request: HttpRequest | Request) -> bool:
        """Count a request of its client, in one count for the API and the site's form."""
        return self.count_client(self.scope, client_of(request))

    def wait(self) -> float | None:
        return self.wait_seconds

    def refusal(self, *, said: str = TOO_OFTEN) -> RateLimited:
        """Return the error to raise after a count that was too much."""
        return too_often(self.wait_seconds or 1, said=said)


class ClientThrottle(WindowThrottle):
    """Counts the client of a request, signed in or not."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        return self.allow_client(request)


class ViewerThrottle(WindowThrottle):
    """Counts by person where one is signed in, else by client."""

    stranger_scope: str | None = None  # None: the same

    def allow_request(self, request: Request, view: "APIView") -> bool:
        user = request.user
        if user.is_authenticated:
            return self.count(self.scope, f"u:{user.pk}")
        client = client_of(request)
        scope = self.scope if client.person else self.stranger_scope or self.scope
        return self.count_client(scope, client)


def read_and_count(cached: str, *, view: "APIView", user_id: UUID) -> Any:
    """What the cache holds; the person's request is counted ahead in the same round trip."""
    for throttle in view.throttle_classes:
        if issubclass(throttle, ViewerThrottle):
            key, (_, seconds) = f"{throttle.scope}:u:{user_id}", rate_of(throttle.scope)
            count, held = window_count_reading(cached, key, seconds=seconds, now=time.time())
            current().counted[key] = count
            return held
    return cache.get(cached)


class DefaultThrottle(ViewerThrottle):
    """Everything without a scope of its own: generous for the signed-in, less for strangers."""

    scope, stranger_scope = "signed_in", "anonymous"


class NewcomerThrottle(ClientThrottle):
    """Counts the client of a request, never the person: whoever makes accounts has many."""

    def allow_client(self, request: HttpRequest | Request) -> bool:
        return self.count_client(self.scope, replace(client_of(request), person=""))


class RegisterThrottle(NewcomerThrottle):
    scope = "register"


class ClientIdThrottle(NewcomerThrottle):
    """Ids that apps ask for."""

    scope = "client_ids"


class DeviceCodeThrottle(ClientThrottle):
    """TVs that wait for a person at once."""

    scope = "device_code"


class DeviceCodeTriesThrottle(WindowThrottle):
    """Codes typed, by person and by network: neither many accounts nor many tabs help to guess."""

    scope = "device_code_tries"

    def allow_person(self, request: HttpRequest, user_id: object) -> bool:
        person = self.count(self.scope, f"u:{user_id}")
        times = settings.THROTTLE_CEILINGS["network"]
        return person and self.count(self.scope, f"n:{client_of(request).network}", times=times)


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


class TakedownThrottle(ClientThrottle):
    scope = "takedowns"


class AvatarThrottle(PersonThrottle):
    """Pictures of oneself: each is decoded, drawn and stored."""

    scope = "avatars"


class AvatarUploadThrottle(PersonThrottle):
    """Signed URLs for pictures of oneself: each can put an object into storage."""

    scope = "avatar_uploads"


class ExportThrottle(PersonThrottle):
    scope = "export"
