"""Properties of a request's client: address, network, user agent, country.

None of them identifies a person: carriers put thousands of people behind one address (CGNAT), and
a client can send any user agent. Rate limits use `kushfilms.core.client_ids`.
"""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

from kushfilms.core.addresses import address_parse

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# One customer of an IPv6 provider has at least this much to choose addresses from (RFC 6177).
IPV6_NETWORK_BITS = 64


def client_address(request: HttpRequest | Request) -> str | None:
    """Return the client's address, trusting only our own proxies; None where unknown."""
    address = _address(request)
    return str(address) if address else None


def client_network(request: HttpRequest | Request) -> str:
    """Return the network for limits by address: an IPv4 address, or the /64 of IPv6."""
    address = _address(request)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, IPV6_NETWORK_BITS), strict=False))
    return str(address) if address else ""


def _address(request: HttpRequest | Request) -> Address | None:
    given = request.META.get("REMOTE_ADDR", "")
    if hops := settings.TRUSTED_PROXY_COUNT:
        header = request.META.get("HTTP_X_FORWARDED_FOR", "").strip()
        forwarded = header.split(",") if header else []
        given = forwarded[-hops] if len(forwarded) >= hops else given
    parsed = address_parse(given)
    return ipaddress.ip_address(parsed) if parsed else None


def user_agent(request: HttpRequest | Request) -> str:
    """Return the user agent, cut to its column's length, without control characters."""
    raw = request.META.get("HTTP_USER_AGENT", "")
    return "".join(char for char in raw if char.isprintable())[:400]


def client_country(request: HttpRequest | Request) -> str:
    """Return the country (ISO 3166 alpha-2) from our CDN's configured header, or ''."""
    return country_in(request.META)


def country_in(environ: Mapping[str, Any]) -> str:
    """Return `client_country` of a WSGI environ."""
    if not settings.COUNTRY_HEADER:
        return ""
    header = f"HTTP_{settings.COUNTRY_HEADER.upper().replace('-', '_')}"
    country = str(environ.get(header, "")).strip().upper()
    is_known = len(country) == 2 and country.isascii() and country.isalpha() and country != "XX"
    return country if is_known else ""
