"""Who may call an endpoint. Views name the least role; the message says what to do."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import Role
from accounts.principal import Principal
from kushfilms.core.errors import Denied, NotSignedIn


def principal(request: Request) -> Principal:
    """The signed-in person. Raises NotSignedIn."""
    found = getattr(request.user, "principal", None)
    if not isinstance(found, Principal):
        raise NotSignedIn("Sign in to do this.")
    return found


class SignedIn(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(principal(request))


class HasRole(BasePermission):
    """Subclass with `role`: that role or one above it."""

    role = Role.SUPER_ADMIN

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not principal(request).role.at_least(self.role):
            raise Denied("Your account may not do this.")
        return True


class IsAdmin(HasRole):
    role = Role.ADMIN


class IsModerator(HasRole):
    role = Role.MODERATOR
