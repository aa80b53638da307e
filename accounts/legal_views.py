"""The texts people agree to."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kushfilms.core.pages import page_cache


@require_safe
@page_cache
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "legal/terms.html", {"as_of": _as_of()})


@require_safe
@page_cache
def privacy_notice(request: HttpRequest) -> HttpResponse:
    context = {
        "as_of": _as_of(),
        "grace_days": settings.ACCOUNT_DELETION_GRACE.days,
    }
    return render(request, "legal/privacy.html", context)


def _as_of() -> str:
    """In English, as the texts are."""
    day = date.fromisoformat(settings.LEGAL_TEXTS_VERSION)
    return f"{day.day} {day:%B %Y}"
