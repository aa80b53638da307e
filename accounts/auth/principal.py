"""Principals: session, role and plan of a request's person, in one cache round trip.

The database is the truth. The cached copy is dropped with the transaction that changes anything
in it (sign-out, ban, role, plan), so the change applies to the next request on every node; its
short lifetime bounds the harm if Redis was unavailable at that moment.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import Consent, ConsentPurpose, Session, User
from accounts.roles import Role
from kushfilms.core.db.prepared import STAND_IN_AUDIENCE, STAND_IN_ID, Prepared
from kushfilms.core.hooks import Hook
from kushfilms.core.storage import public_url

LAST_SEEN_STEP = timedelta(minutes=5)
# Reading the row again costs more than ten heartbeats do, and records when it was last used.
CACHE_SECONDS = 300
# After a change a barrier occupies the key for so long. A request that read the row before the
# change and would cache it after finds the key taken; later requests read the database meantime.
BARRIER = "changed"
BARRIER_SECONDS = 5


@dataclass(frozen=True)
class HeldPlan:
    plan: str
    until: datetime | None


FREE = HeldPlan("FREE", None)


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


# The plans that people hold. Billing registers the function, as accounts must not import billing.
held_plans = Hook[[Collection[UUID]], Mapping[UUID, HeldPlan]](lambda _user_ids: {})


def held_plan(user_id: UUID) -> HeldPlan:
    """Return the plan a person holds now and its end; FREE without a subscription."""
    return held_plans([user_id]).get(user_id, FREE)


def principal_key(session_id: UUID) -> str:
    return f"principal-3:{session_id}"  # the number changes with the fields


def _read(key: str) -> Any:
    return cache.get(key)


def principal_get(session_id: UUID, *, read: Callable[[str], Any] = _read) -> Principal | None:
    """Return the principal of a live session, or None.

    `read` returns a key's entry of the cache; it may do other work in the same round trip.
    """
    cached = read(principal_key(session_id))
    held = principal_parse(cached)
    [principal] = [held] if held else principals_load_and_cache({session_id: cached})
    if principal is None or principal.session_expires_at <= timezone.now():
        return None
    return principal


def principals_load_and_cache(entries: Mapping[UUID, Any]) -> list[Principal | None]:
    """Return principals from the database, and cache those of sessions without an entry.

    `entries` are the cache's entries by session: a barrier is left where it is.
    """
    principals = principals_load(list(entries))
    for entry, principal in zip(entries.values(), principals, strict=True):
        if principal is not None and entry is None:
            cache.add(principal_key(principal.session_id), principal, timeout=CACHE_SECONDS)
    # Only here, after reading the rows, so that requests with a cached principal write nothing.
    sessions_touch([principal for principal in principals if principal], now=timezone.now())
    return principals


def principal_load(session_id: UUID) -> Principal | None:
    """Return the principal from the database, for decisions within a transaction."""
    return principals_load([session_id])[0]


def principals_load(session_ids: Sequence[UUID]) -> list[Principal | None]:
    """Return the principal of each session that is live, from the database."""
    found = _SESSIONS.rows_by_id("session_id", session_ids, now=timezone.now())
    plans = held_plans([row[0] for rows in found for row in rows])
    return [
        _principal(session_id, rows[0], plans.get(rows[0][0], FREE)) if rows else None
        for session_id, rows in zip(session_ids, found, strict=True)
    ]


def _sessions(*, session_id: UUID, now: datetime) -> QuerySet[Session, Any]:
    agreed_terms = Consent.objects.filter(
        user_id=OuterRef("user_id"), purpose=ConsentPurpose.TERMS, granted=True
    ).order_by("-created_at")
    return (
        Session.objects.live(now)
        .filter(pk=session_id, user__is_banned=False)
        .annotate(terms_version=Subquery(agreed_terms.values("version")[:1]))
        .values_list(*COLUMNS)
    )


# Columns of a session's row, by the fields of its principal.
COLUMNS = (
    "user_id",
    "user__email",
    "user__name",
    "user__role",
    "user__date_of_birth",
    "expires_at",
    "last_seen_at",
    "second_factor",
    "user__email_verified",
    "user__locale",
    "user__avatar_key",
    "terms_version",
    "user__pending_email",
)
_SESSIONS = Prepared(_sessions, session_id=STAND_IN_ID, now=STAND_IN_AUDIENCE["now"])


def _principal(session_id: UUID, row: Sequence[Any], plan: HeldPlan) -> Principal:
    values = dict(zip(COLUMNS, row, strict=True))
    return Principal(
        user_id=values["user_id"],
        session_id=session_id,
        email=values["user__email"],
        name=values["user__name"],
        role=Role(values["user__role"]),
        plan=plan.plan,
        plan_until=plan.until,
        date_of_birth=values["user__date_of_birth"],
        session_expires_at=values["expires_at"],
        last_seen_at=values["last_seen_at"],
        second_factor=values["second_factor"],
        email_verified=values["user__email_verified"],
        locale=values["user__locale"],
        avatar_key=values["user__avatar_key"],
        terms_version=values["terms_version"] or "",
        pending_email=values["user__pending_email"],
    )


def sessions_touch(principals: Sequence[Principal], *, now: datetime) -> None:
    """Record that sessions are in use, each at most every few minutes."""
    long_ago = now - LAST_SEEN_STEP
    stale = [
        principal.session_id
        for principal in principals
        if principal.last_seen_at is None or principal.last_seen_at <= long_ago
    ]
    if stale:
        Session.objects.filter(pk__in=stale, last_seen_at__lte=long_ago).update(last_seen_at=now)


def principals_forget(*, user: User | UUID) -> None:
    """Drop every cached principal of a person when the transaction commits."""
    user_id = user.pk if isinstance(user, User) else user
    sessions = list(Session.objects.live().filter(user_id=user_id).values_list("pk", flat=True))
    sessions_forget(sessions)


def sessions_forget(session_ids: list[UUID]) -> None:
    """Drop the cached principals of these sessions when the transaction commits."""
    barriers = {principal_key(session_id): BARRIER for session_id in session_ids}
    if barriers:
        transaction.on_commit(lambda: cache.set_many(barriers, timeout=BARRIER_SECONDS))
