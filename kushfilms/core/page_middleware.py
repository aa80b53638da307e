"""Django's middleware for pages, skipped for API requests of apps."""

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
    """Mixin that skips a middleware for API requests without a cookie.

    Requests of the site's own scripts carry the cookie and pass through all middleware.
    """

    get_response: Any  # of the middleware beside it, as `__call__`

    def __call__(self, request: HttpRequest) -> Any:
        if is_from_app(request):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]


def is_from_app(request: HttpRequest) -> bool:
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
    """The viewer's language and Kampala's time zone for pages.

    The back office and the API are in English, and the API's times are in UTC.
    """

    def __call__(self, request: HttpRequest) -> Any:
        # The language of the thread's last page may still be active.
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
