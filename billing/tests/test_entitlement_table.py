"""Every state of a subscription with every plan, level of film and state of the account.

Through the real chain: rows, the principal a request gets, the one decision on a film.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from accounts.auth.principal import principal_load
from accounts.models import Session, SessionKind, User
from billing.models import Plan, Subscription, SubscriptionStatus
from billing.selectors import plan_of, users_with_plan
from catalog.entitlement import entitlement_decide
from catalog.models import Movie

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
S = SubscriptionStatus
Case = tuple[SubscriptionStatus, timedelta, timedelta, bool]

# status, began ago, ends in, canceled at the end: does it open films?
STATES: dict[str, tuple[Case, bool]] = {
    "active": ((S.ACTIVE, 5 * DAY, 25 * DAY, False), True),
    "active, its renewal a second late": ((S.ACTIVE, 30 * DAY, -SECOND, False), True),
    "active, its renewal late beyond the grace": ((S.ACTIVE, 38 * DAY, -7 * DAY, False), False),
    "trial": ((S.TRIALING, DAY, 6 * DAY, False), True),
    "trial that will end": ((S.TRIALING, DAY, 6 * DAY, True), True),
    "canceled, before its end": ((S.ACTIVE, 29 * DAY, SECOND, True), True),
    "canceled, at its end": ((S.ACTIVE, 30 * DAY, timedelta(), True), False),
    "past due, within the grace": ((S.PAST_DUE, 7 * DAY - SECOND, 23 * DAY, False), True),
    "past due, after the grace": ((S.PAST_DUE, 7 * DAY, 23 * DAY, False), False),
    "over": ((S.CANCELED, 5 * DAY, 25 * DAY, False), False),
    "refunded or disputed and lost": ((S.CANCELED, DAY, 29 * DAY, True), False),
    "unpaid": ((S.UNPAID, 5 * DAY, 25 * DAY, False), False),
    "incomplete": ((S.INCOMPLETE, SECOND, 30 * DAY, False), False),
}
GIFTS: dict[str, tuple[str, timedelta | None]] = {
    "nothing given": ("", None),
    "Basic given": ("BASIC", DAY),
    "Premium given": ("PREMIUM", SECOND),
    "Premium given, and over": ("PREMIUM", timedelta()),
}
ACCOUNTS = ("well", "banned", "signed out")
PLANS_BY_RANK = ["FREE", "BASIC", "PREMIUM"]

pytestmark = pytest.mark.django_db


def expected(state: str, plan: Plan, gift: str) -> str:
    held = [plan.value if STATES[state][1] else "FREE"]
    given, lasts = GIFTS[gift]
    if given and lasts:
        held.append(given)
    return max(held, key=PLANS_BY_RANK.index)


@pytest.fixture
def row(viewer: User) -> Subscription:
    return Subscription.objects.create(
        user=viewer, provider="stripe", provider_subscription_id="sub_1"
    )


@pytest.fixture
def put(row: Subscription) -> Callable[[str, Plan, str], Subscription]:
    def put(state: str, plan: Plan, gift: str) -> Subscription:
        (status, ago, ahead, ends), _ = STATES[state]
        given, lasts = GIFTS[gift]
        row.plan = plan
        row.status = status
        row.cancel_at_period_end = ends
        row.current_period_start = NOW - ago
        row.current_period_end = NOW + ahead
        row.complimentary_plan = given
        row.complimentary_until = None if lasts is None else NOW + lasts
        row.save()
        return row

    return put


@pytest.mark.parametrize("state", STATES)
def test_state_by_plan_by_gift_by_level_by_account(
    state: str, viewer: User, put: Any, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    session = Session.objects.create(
        user=viewer, kind=SessionKind.API, expires_at=NOW + DAY, created_at=NOW
    )
    for plan, gift in product(Plan, GIFTS):
        row = put(state, plan, gift)
        plan_now = expected(state, plan, gift)
        assert plan_of(row, now=NOW) == plan_now, (plan, gift)
        listed = users_with_plan(User.objects.filter(pk=viewer.pk), NOW).get()
        assert listed.plan_now == plan_now, (plan, gift)  # type: ignore[attr-defined]
        principal = principal_load(session.pk)
        assert principal is not None
        assert principal.plan_at(NOW) == plan_now
        for level in Plan:
            film = Movie(title="F", published=True, playable=True, access_level=level)
            decided = entitlement_decide(film, viewer=principal, now=NOW)
            may = PLANS_BY_RANK.index(plan_now) >= PLANS_BY_RANK.index(level)
            assert decided.allowed is may, (plan, gift, level)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_no_plan_opens_a_film_to_a_banned_or_signed_out_person(
    account: str, viewer: User, put: Any, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    put("active", Plan.PREMIUM, "Premium given")
    changes = {"revoked_at": NOW} if account == "signed out" else {}
    session = Session.objects.create(
        user=viewer, kind=SessionKind.API, expires_at=NOW + DAY, created_at=NOW, **changes
    )
    User.objects.filter(pk=viewer.pk).update(is_banned=account == "banned")
    principal = principal_load(session.pk)
    assert (principal is not None) is (account == "well")
    for level in Plan:
        film = Movie(title="F", published=True, playable=True, access_level=level)
        decided = entitlement_decide(film, viewer=principal, now=NOW)
        assert decided.allowed is (account == "well")


def test_the_grace_is_configured(row: Subscription, put: Any, settings: Any) -> None:
    late = put("past due, within the grace", Plan.BASIC, "nothing given")
    settings.BILLING_GRACE_DAYS = 3
    assert plan_of(late, now=NOW) == "FREE"
    settings.BILLING_GRACE_DAYS = 30
    assert plan_of(late, now=NOW) == "BASIC"


def test_a_plan_that_has_ended_in_the_cache_has_ended(row: Subscription) -> None:
    """A cached principal's plan ends on time, without a query."""
    from tests.factories import UserFactory

    session = Session.objects.create(
        user=UserFactory.create(), kind=SessionKind.API, expires_at=NOW + 400 * DAY
    )
    principal = principal_load(session.pk)
    assert principal is not None
    kept = replace(principal, plan="PREMIUM", plan_until=NOW)
    assert (kept.plan_at(NOW - SECOND), kept.plan_at(NOW)) == ("PREMIUM", "FREE")
