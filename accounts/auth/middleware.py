"""Person behind the site's cookie, checked against their session row."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.auth.principal import Principal, principal_get
from accounts.models import User
from kushfilms.core.context import actor_is

SESSION_KEY = "sid"


def principal_of(request: HttpRequest) -> Principal | None:
    """Return the signed-in person of a request, or None; looked up at the first call.

    A view that does not call this does not touch the session, so public responses have no
    `Vary: Cookie`.
    """
    if hasattr(request, "_principal"):
        found: Principal | None = request._principal
        return found
    raw = None
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        raw = request.session.get(SESSION_KEY)
    principal = principal_get(UUID(raw)) if raw is not None else None
    if principal is not None:
        actor_is(principal.user_id, role=principal.role, session_id=principal.session_id)
    elif raw is not None:
        request.session.flush()
    request._principal = principal  # type: ignore[attr-defined]
    return principal


class PrincipalMiddleware:
    """Middleware after Django's own: a cookie whose session row has ended signs in no person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def user_row() -> Any:
            """Return the user row for Django Admin; most pages need only the principal."""
            principal = principal_of(request)
            return User.objects.get(pk=principal.user_id) if principal else AnonymousUser()

        request.user = SimpleLazyObject(user_row)  # type: ignore[assignment]
        return self.get_response(request)
