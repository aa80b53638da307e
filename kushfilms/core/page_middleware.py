"""Django's middleware for pages, which an app's requests to the API go past."""

from typing import Any
from zoneinfo import ZoneInfo

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation

KAMPALA = ZoneInfo(settings.DISPLAY_TIME_ZONE)
FOR_MACHINES = ("/api/", "/healthz", "/readyz")
# Below /api/, but for people with a browser.
API_PAGES = {"/api/docs"}


class ForPages:
    """Leaves out what an app asks of the API: it has no cookie, and its answer is no page.

    The site's own scripts come with their cookie, so theirs goes through all of it.
    """

    get_response: Any  # of the middleware beside it, as `__call__`

    def __call__(self, request: HttpRequest) -> Any:
        if asked_by_app(request):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]


def asked_by_app(request: HttpRequest) -> bool:
    path = request.path_info
    return (
        path.startswith(FOR_MACHINES)
        and path not in API_PAGES
        and "HTTP_COOKIE" not in request.META
    )


class PageSecurityPolicy(ForPages, CSPMiddleware):
    pass


class PageSession(ForPages, SessionMiddleware):
    pass


class PageLocale(ForPages, LocaleMiddleware):
    """Pages in the viewer's language, with the hours of Kampala. The back office and the API
    are in English, and the API's moments are UTC."""

    def __call__(self, request: HttpRequest) -> Any:
        # The thread may still speak the language of its last page.
        translation.deactivate()
        if request.path_info.startswith(("/admin/", "/api/")):
            return self.get_response(request)
        with timezone.override(KAMPALA):
            return super().__call__(request)


class PageCsrf(ForPages, CsrfViewMiddleware):
    pass


class PageAuthentication(ForPages, AuthenticationMiddleware):
    pass


class PageMessages(ForPages, MessageMiddleware):
    pass


class PageFrames(ForPages, XFrameOptionsMiddleware):
    pass
