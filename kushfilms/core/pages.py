"""Helpers of pages: caching, refusals in a form, and the page to return to."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.vary import vary_on_headers

from kushfilms.core.errors import KushError, RateLimited, Unavailable

P = ParamSpec("P")
Response = TypeVar("Response", bound=HttpResponseBase)
View = Callable[P, HttpResponseBase]
_own_browser = cache_control(private=True, no_cache=True)
_saving = vary_on_headers("Save-Data")


def page_cache(view: View[P]) -> View[P]:
    """Let only the viewer's own browser store a page, and revalidate it each time (decorator)."""
    return _own_browser(_saving(view))


def public_page(view: View[P]) -> View[P]:
    """Let a page also answer visitors from memory, without Django (decorator).

    Without a session, the page must depend only on its URL, the client's country, the preferences
    in cookies and changes notified on the channel `catalogue` (`kushfilms.core.public_cache`).
    """

    @wraps(view)
    def page(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(*args, **kwargs)
        if isinstance(response, HttpResponse) and response.status_code == 200:
            # The ETag of the same page from memory.
            digest = hashlib.blake2b(response.content, digest_size=12).hexdigest()
            response.headers["ETag"] = f'"{digest}"'
        return response

    page.kept_in_memory = True  # type: ignore[attr-defined]
    return page_cache(page)


def refused_as(response: Response, exc: KushError | None) -> Response:
    """Return the response with the status and Retry-After of a temporary refusal."""
    if isinstance(exc, RateLimited | Unavailable):
        response.status_code = exc.status
        response.headers["Retry-After"] = str(exc.retry_after_seconds)
    return response


def safe_next(request: HttpRequest) -> str:
    """Return the page to continue at: `next` if it is on this site, else the home page."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours else settings.LOGIN_REDIRECT_URL
