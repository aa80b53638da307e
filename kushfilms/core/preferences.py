"""What a browser asked for: theme, less data, its bundle's price, cookies. In cookies of its own.

No account is needed for any of it, and nothing of it is stored with us.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

THEMES: Final = ("system", "dark", "light")
THEME, SAVER, BUNDLE, CHOICES = "theme", "saver", "bundle", "choices"
KEPT = timedelta(days=365)
# UGX and megabytes, as bundles are sold.
WRITTEN_BUNDLE = re.compile(r"([1-9][0-9]{0,6}):([1-9][0-9]{0,6})", re.ASCII)


@dataclass(frozen=True)
class Bundle:
    """So many shillings for so many megabytes."""

    price_ugx: int
    megabytes: int

    @property
    def ugx_per_mb(self) -> Decimal:
        return Decimal(self.price_ugx) / self.megabytes

    def __str__(self) -> str:
        return f"{self.price_ugx}:{self.megabytes}"


def theme_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(THEME, "")
    return chosen if chosen in THEMES else "system"


def saves_data(request: HttpRequest) -> bool:
    """By the browser's own setting, or by the switch on our page."""
    asked = request.headers.get("Save-Data", "").strip().lower() == "on"
    return asked or request.COOKIES.get(SAVER) == "on"


def language_chosen(request: HttpRequest) -> str:
    """The page's language. Empty for English that nobody asked for: it is what there is when a
    browser wishes for nothing we have."""
    language = get_language() or ""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) == language
    return language if chosen or language != settings.LANGUAGE_CODE else ""


def bundle_of(request: HttpRequest) -> Bundle | None:
    """Theirs, if they told us."""
    written = WRITTEN_BUNDLE.fullmatch(request.COOKIES.get(BUNDLE, ""))
    return Bundle(int(written[1]), int(written[2])) if written else None


def ugx_per_mb(request: HttpRequest) -> Decimal:
    bundle = bundle_of(request)
    return bundle.ugx_per_mb if bundle else Decimal(str(settings.DATA_UGX_PER_MB))


def analytics_choice(request: HttpRequest) -> bool | None:
    """Return the browser's answer to the cookie question as it reads today.

    None: no answer yet, or one to an older text; visits must not be counted then.
    """
    choice, _, version = request.COOKIES.get(CHOICES, "").partition(".")
    if version != settings.LEGAL_TEXTS_VERSION:
        return None
    return {"all": True, "needed": False}.get(choice)


def analytics_choice_keep(response: HttpResponse, *, granted: bool) -> None:
    """Store the answer together with the version of the text it was given to."""
    choice = "all" if granted else "needed"
    preference_keep(response, CHOICES, f"{choice}.{settings.LEGAL_TEXTS_VERSION}")


def preference_keep(response: HttpResponse, name: str, value: str) -> None:
    """An empty value forgets."""
    if not value:
        response.delete_cookie(name, samesite="Lax")
        return
    response.set_cookie(
        name,
        value,
        max_age=KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
