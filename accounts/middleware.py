"""`request.principal`: the person behind the site's cookie, checked against their session row."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.principal import Principal, principal_get

SESSION_KEY = "sid"


def principal_of(request: HttpRequest) -> Principal | None:
    """The signed-in person of a page or API request, or None."""
    return getattr(request, "principal", None)


class PrincipalMiddleware:
    """After Django's: a cookie whose session row has ended is nobody's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        principal = self._principal(request)
        request.principal = principal  # type: ignore[attr-defined]
        request.user = self._user(principal)
        return self.get_response(request)

    def _user(self, principal: Principal | None) -> Any:
        """Lazy: most pages need only the principal."""
        if principal is None:
            return AnonymousUser()
        return SimpleLazyObject(lambda: User.objects.get(pk=principal.user_id))

    def _principal(self, request: HttpRequest) -> Principal | None:
        raw = request.session.get(SESSION_KEY)
        if raw is None:
            return None
        principal = principal_get(UUID(raw))
        if principal is None:
            request.session.flush()
        return principal
