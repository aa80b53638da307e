"""Legal texts."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.auth.principal import Principal
from accounts.services.consents import legal_texts_agree
from accounts.views.base import signed_in
from kushfilms.core.pages import public_page, safe_next


@require_safe
@public_page
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "legal/terms.html", {"as_of": _as_of()})


@require_safe
@public_page
def privacy_notice(request: HttpRequest) -> HttpResponse:
    context = {
        "as_of": _as_of(),
        "grace_days": settings.ACCOUNT_DELETION_GRACE.days,
    }
    return render(request, "legal/privacy.html", context)


@require_POST
@signed_in(back="account")
def terms_agree(request: HttpRequest, me: Principal) -> HttpResponse:
    """Record consent to the changed texts, and return to the page with the question."""
    legal_texts_agree(me.user_id)
    return redirect(safe_next(request))


def _as_of() -> str:
    """Return the date in English, like the texts."""
    day = date.fromisoformat(settings.LEGAL_TEXTS_VERSION)
    return f"{day.day} {day:%B %Y}"
