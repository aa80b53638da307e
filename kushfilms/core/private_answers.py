"""Answers are private unless they say otherwise: `Cache-Control: private, no-store`.

The owner wants most of the API from a CDN. One rule there that keeps everything would mix people
up, so what is the same for everybody opts in (`kushfilms.core.api.caching.PublicRead`) and the
rest, tokens and errors among it, may be kept by nobody (ASVS 14.3.2, RFC 6749 5.1).
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PRIVATE = "private, no-store"
KINDS = ("application/json", "text/html")


class PrivateByDefault:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and _is_ours(request, response):
            response.headers["Cache-Control"] = PRIVATE
        return response


def _is_ours(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether it is the API's answer, or a page's: files have rules of their own."""
    return request.path_info.startswith("/api/") or response.get("Content-Type", "").startswith(
        KINDS
    )
