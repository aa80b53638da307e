"""Private responses by default: `Cache-Control: private, no-store` unless a view sets another.

Most of the API is served from a CDN, where a rule that stores everything would mix people up. So
responses that are the same for all clients opt in (`PublicRead`, `core/api/public_read.py`), and
no cache stores the rest, tokens and errors among it (ASVS 14.3.2, RFC 6749 5.1).
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
        if response.has_header("Cache-Control"):
            return response
        # Only the API and pages: files have their own rules.
        is_page = response.get("Content-Type", "").startswith(KINDS)
        if is_page or request.path_info.startswith("/api/"):
            response.headers["Cache-Control"] = PRIVATE
        return response
