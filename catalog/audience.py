"""Time and country of a request, which alone decide what lists and pages show."""

from datetime import datetime
from typing import TypedDict

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.request import Request

from kushfilms.core.request_client import client_country


class Audience(TypedDict):
    """Arguments of `listed_where`. `country` is ISO 3166 alpha-2, or empty when unknown."""

    now: datetime
    country: str


def audience_of(request: HttpRequest | Request) -> Audience:
    plain = request._request if isinstance(request, Request) else request
    return Audience(now=timezone.now(), country=client_country(plain))
