"""Error responses outside views: in the API's shape below `/api/`, as a page elsewhere."""

import sys
from collections.abc import Callable
from http import HTTPStatus

from django.db import DataError, InterfaceError, OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext, gettext_lazy

from kushfilms.core.api.errors import AWAY, error_body, json_error
from kushfilms.core.body_guard.middleware import REFUSAL, BodyRefusal
from kushfilms.core.body_guard.refusals import body_error
from kushfilms.core.errors import KushError, RateLimited, Unavailable
from kushfilms.core.pages import safe_next

TITLES = {
    400: gettext_lazy("Something is wrong with this request"),
    401: gettext_lazy("Please sign in first"),
    403: gettext_lazy("You don't have access"),
    404: gettext_lazy("Page not found"),
    408: gettext_lazy("That took too long"),
    409: gettext_lazy("This has changed"),
    413: gettext_lazy("Too large"),
    429: gettext_lazy("Too many tries"),
    500: gettext_lazy("Something went wrong"),
    503: gettext_lazy("Please try again in a moment"),
}

# PostgreSQL's error for a NUL character. Fields refuse NUL; code that reads a parameter without a
# field leaves the refusal to the database.
NUL_FAULT = "NUL (0x00)"
SIGN_IN_FORMS = ("/login", "/login/code", "/register")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, gettext("This request is not valid."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, gettext("Your account may not do this."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form with an invalid token: 403, or a redirect for a person already signed in.

    A sign-in form in a second tab holds the token from before the sign-in in the first tab.
    """
    if request.path_info in SIGN_IN_FORMS and request.user.is_authenticated:
        return redirect(safe_next(request))
    return _answer(request, 403, gettext("This page is out of date. Reload it and try again."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if target := _other_slash(request):
        return HttpResponsePermanentRedirect(target)
    return _answer(request, 404, gettext("We can't find this page."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an uncaught exception: 503 while the database is unavailable, else 500."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return _refused(request, Unavailable(AWAY))
    return _answer(
        request, 500, gettext("This is our mistake, and we have been notified. Try again later.")
    )


def _other_slash(request: HttpRequest) -> str:
    """Return the existing page that differs only in the final slash, or an empty string.

    Admin URLs end in a slash, pages do not. API URLs are fixed by their contract. A path that
    begins with two slashes would lead to another host.
    """
    path = request.path.rstrip("/")
    target = f"{path}/" if path == "/admin" or path.startswith("/admin/") else path
    differs = request.method in {"GET", "HEAD"} and target not in {"", request.path}
    if not differs or path.startswith(("//", "/api/")) or "\\" in path:
        return ""
    try:
        match = resolve(target)
    except Resolver404:
        return ""
    if match.url_name is None:
        return ""  # the Admin resolves every path below it, with a 404 page for unknown ones
    query = request.META.get("QUERY_STRING", "")
    return iri_to_uri(target) + (f"?{query}" if query else "")


class PageErrorMiddleware:
    """Middleware that turns a `KushError` of a page into an error page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusal: BodyRefusal | None = request.META.get(REFUSAL)
        if refusal is not None:
            return _refused(request, body_error(refusal))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        if isinstance(exc, KushError):
            return _refused(request, exc)
        if isinstance(exc, DataError) and NUL_FAULT in str(exc):
            return bad_request(request, exc)
        return None


def _refused(request: HttpRequest, error: KushError) -> HttpResponse:
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse(error_body(error), status=error.status)
    else:
        response = _answer(request, error.status, error.message)
    if isinstance(error, RateLimited | Unavailable):
        response["Retry-After"] = str(error.retry_after_seconds)
    return response


def _answer(request: HttpRequest, status: int, message: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return json_error(request, status, message)
    title = TITLES.get(status, HTTPStatus(status).phrase)
    context = {"status": status, "title": title, "message": message}
    # A 500 page has no viewer, because looking one up may be the part that failed.
    page = render_to_string("error.html", context, request if status < 500 else None)
    response = HttpResponse(page, status=status)
    add_never_cache_headers(response)
    return response
