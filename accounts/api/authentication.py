"""Authentication of the API: a bearer token (apps), or the site's cookie with CSRF (browsers).

Both lead to a session row. `request.user` is a small object with the principal; views that need
the user row load it.
"""

from functools import partial
from typing import TYPE_CHECKING

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from accounts.auth.csrf import csrf_fault
from accounts.auth.middleware import principal_of
from accounts.auth.principal import Principal, principal_get
from accounts.auth.tokens import read_access
from kushfilms.core.api.throttles import read_and_count
from kushfilms.core.context import actor_is
from kushfilms.core.errors import NotSignedIn

if TYPE_CHECKING:  # DRF's views import this module by the settings: at run time it is a cycle
    from rest_framework.views import APIView


class ApiUser:
    """The `request.user` of a signed-in request."""

    is_authenticated = True
    is_anonymous = False

    def __init__(self, principal: Principal) -> None:
        self.principal = principal
        self.pk = self.id = principal.user_id
        self.role = principal.role
        actor_is(principal.user_id, role=principal.role, session_id=principal.session_id)


class BearerAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[ApiUser, Principal] | None:
        scheme, _, raw = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        claims = read_access(raw.strip())
        view: APIView = request.parser_context["view"]  # DRF always sets it
        read = partial(read_and_count, view=view, user_id=claims.user_id)
        principal = principal_get(claims.session_id, read=read)
        if principal is None:
            raise NotSignedIn("Sign in again.", code="session_ended")
        return ApiUser(principal), principal

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SiteSessionAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[ApiUser, Principal] | None:
        principal = principal_of(request._request)
        if principal is None:
            return None
        if csrf_fault(request._request):
            raise PermissionDenied("This page is out of date. Reload it and try again.")
        return ApiUser(principal), principal


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class CookieScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.api.authentication.SiteSessionAuthentication"
    name = "cookie"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
