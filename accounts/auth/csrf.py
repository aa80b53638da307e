"""Django's check against forged requests, for requests with the site's cookie."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return reason  # type: ignore[return-value]  # as DRF does: the reason, not a page


def csrf_fault(request: HttpRequest) -> str:
    """Return why a request may be forged, or an empty string."""
    check = _Csrf(lambda _request: HttpResponse())
    check.process_request(request)
    reason: Any = check.process_view(request, None, (), {})  # type: ignore[arg-type]
    return reason or ""
