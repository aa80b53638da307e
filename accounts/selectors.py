"""Reads of people, their sessions, notifications, consents and exports."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, Q, QuerySet, Value
from django.utils import timezone

from accounts.auth.principal import HeldPlan, Principal, held_plan
from accounts.models import Consent, DataExport, Notification, Session, User
from kushfilms.core.errors import NotFound, NotSignedIn
from kushfilms.core.hooks import Hook

SESSION_ORDER = ("-last_seen_at", "-id")
NOTIFICATION_ORDER = ("-created_at", "-id")


@dataclass(frozen=True)
class Profile:
    """A person's own profile."""

    user: User | Principal
    plan: HeldPlan


def user_get(principal: Principal) -> User:
    """Return the row of a principal. Raises NotSignedIn if it is gone since it was cached."""
    user = User.objects.filter(pk=principal.user_id, erased_at=None).first()
    if user is None:
        raise NotSignedIn("Sign in again.", code="session_ended")
    return user


def profile_get(principal: Principal) -> Profile:
    """Return the profile from the database. Raises NotSignedIn."""
    return Profile(user_get(principal), principal.held_at(timezone.now()))


def profile_cached(principal: Principal) -> Profile:
    """Return the profile from the principal, without a query."""
    return Profile(principal, principal.held_at(timezone.now()))


def profile_of(user: User) -> Profile:
    return Profile(user, held_plan(user.pk))


# ── For staff ───────────────────────────────────────────────────────────────────────────


# The column `plan_now` of a queryset of people. Billing registers the function, as accounts must
# not import billing.
plan_annotated = Hook[[QuerySet[User], datetime], QuerySet[User]](
    lambda users, _now: users.annotate(plan_now=Value("FREE", output_field=CharField()))
)


def users_listed(
    *, now: datetime, search: str = "", role: str = "", plan: str = "", banned: bool | None = None
) -> QuerySet[User]:
    """Return people for the back office, newest first, with `plan_now`."""
    users = plan_annotated(User.objects.all(), now)
    if search:
        users = users.filter(Q(email__icontains=search) | Q(name__icontains=search))
    if role:
        users = users.filter(role=role)
    if plan:
        users = users.filter(Q(("plan_now", plan)))  # the mypy plugin does not know this column
    if banned is not None:
        users = users.filter(is_banned=banned)
    return users.order_by("-created_at", "pk")


def user_for_staff(user_id: UUID) -> User:
    """Return a person with `plan_now`. Raises NotFound."""
    user = users_listed(now=timezone.now()).filter(pk=user_id).first()
    if user is None:
        raise NotFound("Person not found.")
    return user


def consents_latest(user_id: UUID) -> list[Consent]:
    """Return the latest answer of each purpose."""
    rows = Consent.objects.filter(user_id=user_id).order_by("purpose", "-created_at")
    return list(rows.distinct("purpose"))


def exports_recent(user_id: UUID) -> list[DataExport]:
    return list(DataExport.objects.filter(user_id=user_id).order_by("-created_at")[:5])


def sessions_of(user_id: UUID) -> QuerySet[Session]:
    """Return a person's live sessions, the last used first."""
    return Session.objects.live().filter(user_id=user_id).order_by(*SESSION_ORDER)


def notifications_of(user_id: UUID, *, only_unread: bool = False) -> QuerySet[Notification]:
    rows = Notification.objects.filter(user_id=user_id)
    return rows.filter(read_at=None) if only_unread else rows
