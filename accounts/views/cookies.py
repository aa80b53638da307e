"""Cookie page: the cookies we set, and the choice about optional ones."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.auth.middleware import principal_of
from accounts.models import ConsentPurpose
from accounts.services.consents import consent_give
from kushfilms.core.pages import page_cache, safe_next
from kushfilms.core.preferences import analytics_choice, analytics_choice_keep
from kushfilms.core.views.preferences import same_site_form


@require_http_methods(["GET", "HEAD", "POST"])
@page_cache
@same_site_form
def cookies(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        context = {"counted": settings.VISITS_COUNTED, "analytics": analytics_choice(request)}
        return render(request, "legal/cookies.html", context)
    if not settings.VISITS_COUNTED:
        return redirect(safe_next(request))
    granted = request.POST.get("choice") == "all"
    if viewer := principal_of(request):
        consent_give(viewer.user_id, purpose=ConsentPurpose.ANALYTICS, granted=granted)
    messages.success(request, _("Saved. You can change this at any time."))
    response = redirect(safe_next(request))
    analytics_choice_keep(response, granted=granted)
    return response
