"""Reads about people."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Consent, DataExport, Notification, Session, User
from accounts.principal import HeldPlan, Principal, held_plan
from kushfilms.core.errors import NotSignedIn

SESSION_ORDER = ("-last_seen_at", "-id")
NOTIFICATION_ORDER = ("-created_at", "-id")


@dataclass(frozen=True)
class Profile:
    """A person as they see themselves."""

    user: User
    plan: HeldPlan


def user_get(principal: Principal) -> User:
    """The row of who asks. Raises NotSignedIn when it is gone since the principal was cached."""
    user = User.objects.filter(pk=principal.user_id, erased_at=None).first()
    if user is None:
        raise NotSignedIn("Sign in again.", code="session_ended")
    return user


def profile_get(principal: Principal) -> Profile:
    """Raises NotSignedIn, as `user_get`."""
    return Profile(user_get(principal), principal.held_at(timezone.now()))


def profile_of(user: User) -> Profile:
    return Profile(user, held_plan(user.pk))


def consents_latest(user_id: UUID) -> list[Consent]:
    """The row that counts of each purpose ever answered."""
    rows = Consent.objects.filter(user_id=user_id).order_by("purpose", "-created_at")
    return list(rows.distinct("purpose"))


def exports_recent(user_id: UUID) -> list[DataExport]:
    return list(DataExport.objects.filter(user_id=user_id).order_by("-created_at")[:5])


def sessions_of(user_id: UUID) -> QuerySet[Session]:
    """Where a person is signed in, the last used first."""
    return Session.objects.live().filter(user_id=user_id).order_by(*SESSION_ORDER)


def notifications_of(user_id: UUID, *, only_unread: bool = False) -> QuerySet[Notification]:
    rows = Notification.objects.filter(user_id=user_id)
    return rows.filter(read_at=None) if only_unread else rows
