"""What fails outside a view: in the API's shape below `/api/`, as a friendly page elsewhere."""

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
    400: gettext_lazy("We did not understand that"),
    401: gettext_lazy("Please sign in first"),
    403: gettext_lazy("Not for this account"),
    404: gettext_lazy("This reel is missing"),
    408: gettext_lazy("That took too long"),
    409: gettext_lazy("That has changed meanwhile"),
    413: gettext_lazy("That is too much at once"),
    429: gettext_lazy("A little slower"),
    500: gettext_lazy("The projector stopped"),
    503: gettext_lazy("A short interval"),
}

# Nobody types a NUL. Fields refuse it; what reads a parameter by itself leaves it to the database.
NUL_FAULT = "NUL (0x00)"
SIGN_IN_FORMS = ("/login", "/login/code", "/register")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, gettext("This request cannot be understood."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, gettext("Your account may not do this."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token does not count: 403, or where the form has nothing left to do.

    A second tab's form for signing in holds the token from before the sign-in in the first tab.
    """
    if request.path_info in SIGN_IN_FORMS and request.user.is_authenticated:
        return redirect(safe_next(request))
    return _answer(request, 403, gettext("The page was stale. Go back, reload it and try again."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if target := _other_slash(request):
        return HttpResponsePermanentRedirect(target)
    return _answer(request, 404, gettext("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what nobody caught: 503 while the database is away, which mends itself, else 500."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return _refused(request, Unavailable(AWAY))
    return _answer(
        request, 500, gettext("Something broke on our side. We have been told about it.")
    )


def _other_slash(request: HttpRequest) -> str:
    """Return where a page's address with a slash too many leads, or an empty string.

    The Admin's addresses end in a slash, so there it is one too few. The API's are fixed by its
    contract. A path that begins with two slashes would lead to another host.
    """
    path = request.path.rstrip("/")
    target = f"{path}/" if path == "/admin" or path.startswith("/admin/") else path
    asked = request.method in {"GET", "HEAD"} and target not in {"", request.path}
    if not asked or path.startswith(("//", "/api/")) or "\\" in path or not _resolves(target):
        return ""
    query = request.META.get("QUERY_STRING", "")
    return iri_to_uri(target) + (f"?{query}" if query else "")


def _resolves(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return False
    # The Admin answers whatever lies below it, with a page that there is nothing.
    return match.url_name is not None


class PageErrorMiddleware:
    """A rule's refusal in a page (no such film, not allowed) becomes a page that says so."""

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
    # A 500 knows nothing of the viewer: what broke may be what tells us who they are.
    page = render_to_string("error.html", context, request if status < 500 else None)
    response = HttpResponse(page, status=status)
    add_never_cache_headers(response)
    return response
