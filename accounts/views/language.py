"""Language of the pages; for a signed-in person also of other devices and of mail."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.auth.middleware import principal_of
from accounts.services.profiles import ProfileChange, profile_update
from kushfilms.core.pages import safe_next
from kushfilms.core.preferences import preference_keep
from kushfilms.core.views.preferences import same_site_form


@require_POST
@same_site_form
def language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    response = redirect(safe_next(request))
    if chosen in dict(settings.LANGUAGES):
        if (viewer := principal_of(request)) and viewer.locale != chosen:
            profile_update(viewer.user_id, ProfileChange(locale=chosen), now=timezone.now())
        preference_keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response
