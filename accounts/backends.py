"""Authentication backend for Django's own code; the rules are in `accounts.services`."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from accounts.models import User
from accounts.services.people import user_check_credentials
from kushfilms.core.errors import KushError


class EmailBackend:
    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **_: Any
    ) -> User | None:
        try:
            return user_check_credentials(email=username, password=password)
        except KushError:
            return None

    def get_user(self, user_id: UUID) -> User | None:
        return User.objects.filter(pk=user_id, is_banned=False).first()
