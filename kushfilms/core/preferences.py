"""Preferences of a browser in its own cookies: theme, data saver, bundle price, cookie consent.

They need no account, and we store none of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

THEMES: Final = ("system", "dark", "light")
THEME = "theme"
SAVER = "saver"
BUNDLE = "bundle"
CHOICES = "choices"
COOKIE_LIFETIME = timedelta(days=365)
# UGX and megabytes, as a cookie holds a bundle.
WRITTEN_BUNDLE = re.compile(r"([1-9][0-9]{0,6}):([1-9][0-9]{0,6})", re.ASCII)


@dataclass(frozen=True)
class Bundle:
    """A data bundle: its price and its size."""

    price_ugx: int
    megabytes: int

    @property
    def ugx_per_mb(self) -> Decimal:
        return Decimal(self.price_ugx) / self.megabytes

    def __str__(self) -> str:
        return f"{self.price_ugx}:{self.megabytes}"


# The functions `…_in` take the cookies and the environ of a request: the public cache calls them
# before there is a Django request.


def theme_in(cookies: Mapping[str, str]) -> str:
    chosen = cookies.get(THEME, "")
    return chosen if chosen in THEMES else "system"


def saver_in(cookies: Mapping[str, str], environ: Mapping[str, Any]) -> bool:
    """Return whether data saver is on, in the browser or on our preferences page."""
    by_browser: bool = environ.get("HTTP_SAVE_DATA", "").strip().lower() == "on"
    return by_browser or cookies.get(SAVER) == "on"


def saves_data(request: HttpRequest) -> bool:
    return saver_in(request.COOKIES, request.META)


def language_chosen(request: HttpRequest) -> str:
    """Return the page's language; empty for English as the fallback.

    English is also shown to a browser whose languages we do not have, so it counts as a choice
    only with our cookie.
    """
    language = get_language() or ""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) == language
    return language if chosen or language != settings.LANGUAGE_CODE else ""


def bundle_in(cookies: Mapping[str, str]) -> Bundle | None:
    """Return the data bundle of a browser, or None."""
    written = WRITTEN_BUNDLE.fullmatch(cookies.get(BUNDLE, ""))
    return Bundle(int(written[1]), int(written[2])) if written else None


def bundle_of(request: HttpRequest) -> Bundle | None:
    return bundle_in(request.COOKIES)


def ugx_per_mb(request: HttpRequest) -> Decimal:
    bundle = bundle_of(request)
    return bundle.ugx_per_mb if bundle else Decimal(str(settings.DATA_UGX_PER_MB))


def choice_in(cookies: Mapping[str, str]) -> bool | None:
    """Return the browser's answer to the current cookie notice.

    None: no answer yet, or one to an older text; visits must not be counted then.
    """
    choice, _, version = cookies.get(CHOICES, "").partition(".")
    if version != settings.LEGAL_TEXTS_VERSION:
        return None
    return {"all": True, "needed": False}.get(choice)


def analytics_choice(request: HttpRequest) -> bool | None:
    return choice_in(request.COOKIES)


def choice_text(*, granted: bool) -> str:
    """Return the answer for its cookie, with the version of the text it was given to."""
    return f"{'all' if granted else 'needed'}.{settings.LEGAL_TEXTS_VERSION}"


def analytics_choice_keep(response: HttpResponse, *, granted: bool) -> None:
    preference_keep(response, CHOICES, choice_text(granted=granted))


def preference_keep(response: HttpResponse, name: str, value: str) -> None:
    """Set a preference's cookie; an empty value deletes it."""
    if not value:
        response.delete_cookie(name, samesite="Lax")
        return
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
