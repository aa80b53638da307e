"""The texts people agree to."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kushfilms.core.pages import page_cache


@require_safe
@page_cache
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "legal/terms.html", {"version": settings.LEGAL_TEXTS_VERSION})


@require_safe
@page_cache
def privacy_notice(request: HttpRequest) -> HttpResponse:
    context = {
        "version": settings.LEGAL_TEXTS_VERSION,
        "grace_days": settings.ACCOUNT_DELETION_GRACE.days,
    }
    return render(request, "legal/privacy.html", context)
