"""Principals: session, role and plan of a request's person, in one cache round trip.

The database is the truth. The cached copy is dropped with the transaction that changes anything
in it (sign-out, ban, role, plan), so the change applies to the next request on every node; its
short lifetime bounds the harm if Redis was unavailable at that moment.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import Consent, ConsentPurpose, Session, User
from accounts.roles import Role
from kushfilms.core.hooks import Hook
from kushfilms.core.storage import public_url

CACHE_SECONDS = 60
LAST_SEEN_STEP = timedelta(minutes=5)
# After a change a barrier occupies the key for so long. A request that read the row before the
# change and would cache it after finds the key taken; later requests read the database meantime.
BARRIER = "changed"
BARRIER_SECONDS = 5


@dataclass(frozen=True)
class HeldPlan:
    plan: str
    until: datetime | None


@dataclass(frozen=True)
class Principal:
    """A signed-in person. `plan_until` is when `plan` falls back to FREE; None: never."""

    user_id: UUID
    session_id: UUID
    email: str
    name: str
    role: Role
    plan: str
    plan_until: datetime | None
    date_of_birth: date | None
    session_expires_at: datetime
    last_seen_at: datetime | None = None
    second_factor: bool = False
    # For `auth/me` and the header of every page, which then read no row.
    email_verified: bool = False
    locale: str = ""
    avatar_key: str = ""
    # Version of the terms that the person last agreed to; empty: never asked.
    terms_version: str = ""
    pending_email: str = ""

    # The names of the user row, for code that shows either.

    @property
    def id(self) -> UUID:
        return self.user_id

    @property
    def avatar_url(self) -> str:
        return public_url(self.avatar_key)

    @property
    def language(self) -> str:
        return self.locale or settings.LANGUAGE_CODE

    def plan_at(self, now: datetime) -> str:
        return self.held_at(now).plan

    def held_at(self, now: datetime) -> HeldPlan:
        """Return the plan at a moment: FREE from the end of the paid plan on."""
        if self.plan_until and self.plan_until <= now:
            return HeldPlan("FREE", None)
        return HeldPlan(self.plan, self.plan_until)


# Parsers of the cache's JSON, by the type of a field.
FROM_JSON: dict[Any, Callable[[Any], Any]] = {
    UUID: UUID,
    Role: Role,
    datetime: datetime.fromisoformat,
    datetime | None: lambda text: text and datetime.fromisoformat(text),
    date | None: lambda text: text and date.fromisoformat(text),
}
PARSERS = {
    field.name: FROM_JSON.get(field.type, lambda value: value) for field in fields(Principal)
}


def principal_parse(cached: Any) -> Principal | None:
    """Return the principal of a cache entry; None for a barrier or an entry with other fields."""
    if not isinstance(cached, dict) or cached.keys() != PARSERS.keys():
        return None
    try:
        return Principal(**{name: PARSERS[name](value) for name, value in cached.items()})
    except (TypeError, ValueError):
        return None


# The plan a person holds. Billing registers the function, as accounts must not import billing.
held_plan = Hook[[UUID], HeldPlan](lambda _user_id: HeldPlan("FREE", None))


def _key(session_id: UUID) -> str:
    return f"principal-3:{session_id}"  # the number changes with the fields


def _read(key: str) -> Any:
    return cache.get(key)


def principal_get(session_id: UUID, *, read: Callable[[str], Any] = _read) -> Principal | None:
    """Return the principal of a live session, or None.

    `read` returns a key's entry of the cache; it may do other work in the same round trip.
    """
    cached = read(_key(session_id))
    held = principal_parse(cached)
    principal = held or principal_load(session_id)
    if principal is not None and cached is None:
        cache.add(_key(session_id), principal, timeout=CACHE_SECONDS)
    if principal is not None and held is None:
        # Only here, after reading the row, so that requests with a cached principal write nothing.
        session_touch(session_id, last_seen_at=principal.last_seen_at, now=timezone.now())
    if principal is None or principal.session_expires_at <= timezone.now():
        return None
    return principal


def principal_load(session_id: UUID) -> Principal | None:
    """Return the principal from the database, for decisions within a transaction."""
    agreed_terms = Consent.objects.filter(
        user_id=OuterRef("user_id"), purpose=ConsentPurpose.TERMS, granted=True
    ).order_by("-created_at")
    session = (
        Session.objects.live()
        .select_related("user")
        .annotate(terms_version=Subquery(agreed_terms.values("version")[:1]))
        .filter(pk=session_id, user__is_banned=False)
        .first()
    )
    if session is None:
        return None
    user = session.user
    plan = held_plan(session.user_id)
    return Principal(
        user_id=user.pk,
        session_id=session.pk,
        email=user.email,
        name=user.name,
        role=user.rank,
        plan=plan.plan,
        plan_until=plan.until,
        date_of_birth=user.date_of_birth,
        session_expires_at=session.expires_at,
        last_seen_at=session.last_seen_at,
        second_factor=session.second_factor,
        email_verified=user.email_verified,
        locale=user.locale,
        avatar_key=user.avatar_key,
        terms_version=session.terms_version or "",  # type: ignore[attr-defined]  # annotated
        pending_email=user.pending_email,
    )


def session_touch(session_id: UUID, *, last_seen_at: datetime | None, now: datetime) -> None:
    """Record that a session is in use, at most every few minutes."""
    if last_seen_at is None or now - last_seen_at >= LAST_SEEN_STEP:
        long_ago = Session.objects.filter(pk=session_id, last_seen_at__lte=now - LAST_SEEN_STEP)
        long_ago.update(last_seen_at=now)


def principals_forget(*, user: User | UUID) -> None:
    """Drop every cached principal of a person when the transaction commits."""
    user_id = user.pk if isinstance(user, User) else user
    sessions = list(Session.objects.live().filter(user_id=user_id).values_list("pk", flat=True))
    sessions_forget(sessions)


def sessions_forget(session_ids: list[UUID]) -> None:
    """Drop the cached principals of these sessions when the transaction commits."""
    barriers = {_key(session_id): BARRIER for session_id in session_ids}
    if barriers:
        transaction.on_commit(lambda: cache.set_many(barriers, timeout=BARRIER_SECONDS))
