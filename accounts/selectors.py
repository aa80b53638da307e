"""Reads about people."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Notification, User
from accounts.principal import HeldPlan, Principal, held_plan
from kushfilms.core.errors import NotSignedIn

NOTIFICATION_ORDER = ("-created_at", "-id")


@dataclass(frozen=True)
class Profile:
    """A person as they see themselves."""

    user: User
    plan: HeldPlan


def profile_get(principal: Principal) -> Profile:
    """Raises NotSignedIn when the account is gone since the principal was cached."""
    user = User.objects.filter(pk=principal.user_id).first()
    if user is None:
        raise NotSignedIn("Sign in again.", code="session_ended")
    return Profile(user, principal.held_at(timezone.now()))


def profile_of(user: User) -> Profile:
    return Profile(user, held_plan(user.pk))


def notifications_of(user_id: UUID, *, only_unread: bool = False) -> QuerySet[Notification]:
    rows = Notification.objects.filter(user_id=user_id)
    return rows.filter(read_at=None) if only_unread else rows
