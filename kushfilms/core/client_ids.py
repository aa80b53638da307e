"""Clients as rate limits count them: by person, by an id that we signed, by network.

A browser carries its id in the cookie `client`, an app in the header `X-Device-Token` (the token
of `accounts.services.known_devices`, or one of `POST auth/client`). The user agent, the language
and any header that a client makes up play no part (docs/adr/0015-anonymous-limits.md).
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from rest_framework.request import Request

from kushfilms.core.hooks import Hook
from kushfilms.core.request_client import client_network

# Key in the environ of the credentials that the public cache takes out of a request.
ASKER = "kushfilms.asker"
CREDENTIALS = ("HTTP_AUTHORIZATION", "HTTP_COOKIE")
DEVICE_META = "HTTP_X_DEVICE_TOKEN"
COOKIE_SALT = "client"
DEVICE_SALT = "known-device"
LIFETIME = timedelta(days=365)
DEVICE_LIFETIME = timedelta(days=180)
LONGEST_TOKEN = 1024
# A younger id is counted like none, so that requesting new ids does not get past a limit.
RIPE_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Client:
    """A client; `person` and `id` are empty where unknown, a `ripe` id has its own count."""

    network: str
    person: str = ""
    id: str = ""
    ripe: bool = False

    @property
    def key(self) -> str:
        """Return the narrowest identity that the client cannot invent."""
        if self.person:
            return f"u:{self.person}"
        return f"c:{self.id}" if self.ripe else f"n:{self.network}"


Cookies = Mapping[str, str]


# The id of the person of an `Authorization` header or a session's cookie, or an empty string.
# Accounts registers the function.
person_of_credentials = Hook[[str, Cookies], str](lambda _authorization, _cookies: "")


def client_of(request: HttpRequest | Request) -> Client:
    """Return the client of a request, also of one without credentials from the public cache."""
    meta: Mapping[str, Any] = request.META
    credentials: Mapping[str, str] = meta.get(ASKER, meta)
    cookies = parse_cookie(credentials.get("HTTP_COOKIE", ""))
    person = person_of_credentials(credentials.get("HTTP_AUTHORIZATION", ""), cookies)
    device = device_token_read(meta.get(DEVICE_META, ""))
    if device:
        identity = f"d.{device['d']}"
        issued_at = float(device.get("t", 0.0))
    else:
        identity, issued_at = client_id_read(cookies.get(settings.CLIENT_COOKIE_NAME, ""))
    ripe = bool(identity) and time.time() - issued_at >= RIPE_AFTER.total_seconds()
    return Client(network=client_network(request), person=person, id=identity, ripe=ripe)


def client_id_issue(*, now: float) -> str:
    """Return a new signed id, as the cookie holds it."""
    return signing.Signer(salt=COOKIE_SALT).sign(f"{secrets.token_urlsafe(12)}.{int(now)}")


def client_id_read(token: str) -> tuple[str, float]:
    """Return the id and when it was issued; an empty id for a token that we did not sign."""
    if not token or len(token) > LONGEST_TOKEN:
        return "", 0.0
    try:
        identity, _, issued = signing.Signer(salt=COOKIE_SALT).unsign(token).rpartition(".")
    except signing.BadSignature:
        return "", 0.0
    return identity, float(issued)


def device_token_read(token: str) -> dict[str, Any] | None:
    """Return what a device token holds: `d` its id, `a` its accounts, `t` when it was issued."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    try:
        values: dict[str, Any] = signing.loads(token, salt=DEVICE_SALT, max_age=DEVICE_LIFETIME)
    except signing.BadSignature:
        return None
    return values


def client_cookie_set(response: HttpResponse, *, now: float) -> None:
    """Set a cookie with a new id."""
    response.set_cookie(
        settings.CLIENT_COOKIE_NAME,
        client_id_issue(now=now),
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class ClientMiddleware:
    """Middleware that gives a browser its id together with a page that no cache stores.

    Such a page is a form's (`no-store`). A public response stays the same bytes for every client,
    and a page that a browser revalidates keeps its ETag.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        own = "no-store" in response.get("Cache-Control", "")
        if own and not request.path_info.startswith("/api/"):
            token = request.COOKIES.get(settings.CLIENT_COOKIE_NAME, "")
            if not client_id_read(token)[0]:
                client_cookie_set(response, now=time.time())
        return response
