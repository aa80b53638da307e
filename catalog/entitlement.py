"""The entitlement decision: may this viewer watch this film now, and if not, why.

Pages, API, token issuer, download licence and ad engine all use it. It is a pure function of facts,
so that a table of cases is its test.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from django.utils.translation import gettext, gettext_noop

from accounts.auth.principal import Principal
from billing.models import Plan
from catalog.models import AgeRating
from kushfilms.core.errors import Denied, KushError, NotFound, NotSignedIn


class Refusal(StrEnum):
    NOT_FOUND = "not_found"
    SIGN_IN = "unauthorized"
    NOT_READY = "not_ready"
    LICENCE = "licence_window"
    REGION = "region_blocked"
    AGE_UNKNOWN = "age_unknown"
    AGE = "age_restricted"
    SUBSCRIPTION = "subscription_required"
    UPGRADE = "upgrade_required"
    STREAM_LIMIT = "stream_limit"


MESSAGES: dict[Refusal, str] = {
    Refusal.NOT_FOUND: gettext_noop("There is no such film."),
    Refusal.SIGN_IN: gettext_noop("Sign in to watch."),
    Refusal.NOT_READY: gettext_noop(
        "This film is still being prepared. Try again in a few minutes."
    ),
    Refusal.LICENCE: gettext_noop("This film is not available at the moment."),
    Refusal.REGION: gettext_noop("This film is not available where you are."),
    Refusal.AGE_UNKNOWN: gettext_noop(
        "This film is for {minimum_age} and over. Enter your date of birth to watch it."
    ),
    Refusal.AGE: gettext_noop("This film is for {minimum_age} and over."),
    Refusal.SUBSCRIPTION: gettext_noop("This film needs a {required_plan} plan."),
    Refusal.UPGRADE: gettext_noop(
        "This film needs the {required_plan} plan; yours is {current_plan}."
    ),
    Refusal.STREAM_LIMIT: gettext_noop(
        "Screen limit reached: your plan allows {limit} at a time. Stop watching on another device."
    ),
}


class Listable(Protocol):
    """The facts of a film that decide where and when it can be watched."""

    @property
    def published(self) -> bool: ...
    @property
    def playable(self) -> bool: ...
    @property
    def licence_starts_at(self) -> datetime | None: ...
    @property
    def licence_ends_at(self) -> datetime | None: ...
    @property
    def allowed_countries(self) -> list[str]: ...
    @property
    def blocked_countries(self) -> list[str]: ...


class Watchable(Listable, Protocol):
    """The facts of a film that decide who may watch it."""

    @property
    def access_level(self) -> str: ...
    @property
    def age_rating(self) -> str: ...
    @property
    def trailer_duration(self) -> int: ...


@dataclass(frozen=True)
class Entitlement:
    """A decision. `refusal` None means yes; the plans are for the message and the upgrade link."""

    refusal: Refusal | None
    current_plan: Plan
    required_plan: Plan
    minimum_age: int = 0
    stream_limit: int = 0

    @property
    def allowed(self) -> bool:
        return self.refusal is None

    @property
    def message(self) -> str:
        if self.refusal is None:
            return ""
        return gettext(MESSAGES[self.refusal]).format(
            required_plan=self.required_plan.title(),
            current_plan=self.current_plan.title(),
            minimum_age=self.minimum_age,
            limit=self.stream_limit,
        )

    @property
    def error(self) -> KushError | None:
        """Return the error of a refusal (SPEC, section 3)."""
        if self.refusal is None:
            return None
        if self.refusal == Refusal.SIGN_IN:
            return NotSignedIn(self.message)
        if self.refusal == Refusal.NOT_FOUND:
            return NotFound(self.message)
        return EntitlementDenied(self)

    def enforce(self) -> None:
        """Raise `error` when refused."""
        if error := self.error:
            raise error


class EntitlementDenied(Denied):
    def __init__(self, entitlement: Entitlement) -> None:
        refusal = entitlement.refusal or Refusal.NOT_FOUND
        extras: dict[str, Any] = {}
        if refusal in {Refusal.SUBSCRIPTION, Refusal.UPGRADE}:
            extras = {
                "currentPlan": entitlement.current_plan,
                "requiredPlan": entitlement.required_plan,
                "upgradeUrl": "/subscribe",
            }
            self.title = (  # type: ignore[misc]  # of this one error
                "Subscription Required" if refusal == Refusal.SUBSCRIPTION else "Upgrade Required"
            )
        elif refusal in {Refusal.AGE, Refusal.AGE_UNKNOWN}:
            extras = {"minimumAge": entitlement.minimum_age}
        super().__init__(entitlement.message, code=refusal, **extras)


def entitlement_decide(
    movie: Watchable,
    *,
    viewer: Principal | None,
    now: datetime,
    country: str = "",
    streams_elsewhere: int = 0,
    stream_limits: dict[str, int] | None = None,
    trailer: bool = False,
) -> Entitlement:
    """Decide whether a viewer may watch a film.

    `country` is ISO 3166 alpha-2, or empty when unknown; an unknown country is refused only where
    the film has a list of allowed countries. `streams_elsewhere` counts the viewer's other running
    streams. A `trailer` requires nothing of the viewer, and of the film that it can be listed.
    """
    plan = Plan(viewer.plan_at(now)) if viewer else Plan.FREE
    required = Plan(movie.access_level)
    age = AgeRating(movie.age_rating).minimum_age
    limit = (stream_limits or {}).get(plan, 0)
    refusal = (
        film_refusal_code(movie, now=now, country=country)
        or (Refusal.SIGN_IN if viewer is None else None)
        or _viewer_refusal(viewer, plan=plan, required=required, minimum_age=age, now=now)
        or (Refusal.STREAM_LIMIT if limit and streams_elsewhere >= limit else None)
    )
    if trailer:
        refusal = trailer_refusal_code(movie, now=now, country=country)
    return Entitlement(refusal, plan, required, minimum_age=age, stream_limit=limit)


@dataclass(frozen=True)
class FilmRefusal:
    code: Refusal
    message: str


def film_refusal(movie: "Listable", *, now: datetime, country: str) -> FilmRefusal | None:
    """Return why no viewer in this country can watch the film at `now`, or None."""
    code = film_refusal_code(movie, now=now, country=country)
    return FilmRefusal(code, MESSAGES[code]) if code else None


def film_refusal_code(movie: Listable, *, now: datetime, country: str) -> Refusal | None:
    """Return the film's own refusal. `catalog.models.films.listed_where` is its SQL form."""
    if not movie.published:
        return Refusal.NOT_FOUND
    if not movie.playable:
        return Refusal.NOT_READY
    starts = movie.licence_starts_at
    ends = movie.licence_ends_at
    if (starts and now < starts) or (ends and now >= ends):
        return Refusal.LICENCE
    if country in movie.blocked_countries:
        return Refusal.REGION
    if movie.allowed_countries and country not in movie.allowed_countries:
        return Refusal.REGION
    return None


def licence_turn(movies: Iterable[Listable], *, now: datetime) -> datetime | None:
    """Return when the next licence of these films begins or ends, or None."""
    bounds = (at for movie in movies for at in (movie.licence_starts_at, movie.licence_ends_at))
    return min((at for at in bounds if at and at > now), default=None)


def trailer_refusal_code(movie: Watchable, *, now: datetime, country: str) -> Refusal | None:
    """Return why the trailer is not shown: a film that cannot be listed is not advertised."""
    refusal = film_refusal_code(movie, now=now, country=country)
    return refusal or (None if movie.trailer_duration else Refusal.NOT_FOUND)


def _viewer_refusal(
    viewer: Principal | None, *, plan: Plan, required: Plan, minimum_age: int, now: datetime
) -> Refusal | None:
    if minimum_age:
        born = viewer.date_of_birth if viewer else None
        if born is None:
            return Refusal.AGE_UNKNOWN
        today = now.date()
        birthday_to_come = (today.month, today.day) < (born.month, born.day)
        if today.year - born.year - birthday_to_come < minimum_age:
            return Refusal.AGE
    if plan.covers(required):
        return None
    return Refusal.SUBSCRIPTION if plan == Plan.FREE else Refusal.UPGRADE
