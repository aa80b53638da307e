"""Permissions of endpoints, by sign-in and by the role matrix."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.auth.principal import Principal
from accounts.roles import Role, role_allows
from accounts.services.second_factor import staff_second_factor_check
from kushfilms.core.errors import Denied, NotSignedIn


def principal(request: Request) -> Principal:
    """Return the signed-in person. Raises NotSignedIn."""
    found = getattr(request.user, "principal", None)
    if not isinstance(found, Principal):
        raise NotSignedIn("Sign in to do this.")
    return found


class SignedIn(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(principal(request))


def needs(perm: str) -> type[BasePermission]:
    """Return the permission class of a permission. Raises LookupError for an unknown one."""
    role_allows(Role.USER, perm)

    class Needs(BasePermission):
        def has_permission(self, request: Request, view: APIView) -> bool:
            if not role_allows(principal(request).role, perm):
                raise Denied("Your account may not do this.")
            staff_second_factor_check(principal(request))
            return True

    return Needs
