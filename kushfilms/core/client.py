"""Who is asking, as far as the network can tell.

Ugandan carriers put thousands of people behind one address (CGNAT), so an anonymous client is
its address together with what its browser says of itself, never the address alone.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

from kushfilms.core.addresses import address_parse


def client_address(request: HttpRequest | Request) -> str | None:
    """The client's address, believing only as many proxies as are ours. None: unknown."""
    address = request.META.get("REMOTE_ADDR", "")
    if hops := settings.TRUSTED_PROXY_COUNT:
        header = request.META.get("HTTP_X_FORWARDED_FOR", "").strip()
        forwarded = header.split(",") if header else []
        address = forwarded[-hops] if len(forwarded) >= hops else address
    return address_parse(address)


def user_agent(request: HttpRequest | Request) -> str:
    """What the client calls itself, cut to what a column holds, control characters dropped."""
    raw = request.META.get("HTTP_USER_AGENT", "")
    return "".join(char for char in raw if char.isprintable())[:400]


def anonymous_key(request: HttpRequest | Request) -> str:
    """A stable key for a client that is not signed in."""
    parts = (
        client_address(request) or "",
        user_agent(request),
        request.META.get("HTTP_ACCEPT_LANGUAGE", ""),
        request.META.get("HTTP_X_DEVICE_ID", "")[:64],
    )
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def client_country(request: HttpRequest | Request) -> str:
    """ISO 3166 alpha-2 as our CDN tells it, or empty. Only the configured header is believed."""
    return country_in(request.META)


def country_in(environ: Mapping[str, Any]) -> str:
    """The same from a WSGI environ."""
    if not settings.COUNTRY_HEADER:
        return ""
    header = f"HTTP_{settings.COUNTRY_HEADER.upper().replace('-', '_')}"
    country = str(environ.get(header, "")).strip().upper()
    known = len(country) == 2 and country.isascii() and country.isalpha() and country != "XX"
    return country if known else ""
