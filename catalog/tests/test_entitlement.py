"""The entitlement decision as a table of differences from a film any signed-in viewer may watch."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from accounts.auth.principal import Principal
from accounts.roles import Role
from billing.models import Plan
from catalog.entitlement import EntitlementDenied, Refusal, entitlement_decide
from catalog.models import Movie
from kushfilms.core.errors import NotFound, NotSignedIn

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
VIEWER = Principal(
    user_id=uuid4(),
    session_id=uuid4(),
    email="a@b.ug",
    name="A",
    role=Role.USER,
    plan="FREE",
    plan_until=None,
    date_of_birth=None,
    session_expires_at=NOW + HOUR,
)
R = Refusal


def _movie(**fields: Any) -> Movie:
    return Movie(**{"title": "F", "published": True, "playable": True, **fields})


@pytest.mark.parametrize(("plan", "level"), list(product(Plan, Plan)))
def test_plans_against_levels(plan: Plan, level: Plan) -> None:
    viewer = replace(VIEWER, plan=plan.value)
    decided = entitlement_decide(_movie(access_level=level), viewer=viewer, now=NOW)
    order = ["FREE", "BASIC", "PREMIUM"]
    allowed = order.index(plan) >= order.index(level)
    refusal = R.SUBSCRIPTION if plan == "FREE" else R.UPGRADE
    assert decided.refusal == (None if allowed else refusal)


@pytest.mark.parametrize(
    ("film", "person", "asked", "refusal"),
    [
        # The film itself
        ({"published": False}, {}, {}, R.NOT_FOUND),
        ({"published": False, "playable": False}, {}, {}, R.NOT_FOUND),
        ({"playable": False}, {}, {}, R.NOT_READY),
        # Its licence: from the first moment, to before the last
        ({"licence_starts_at": NOW}, {}, {}, None),
        ({"licence_starts_at": NOW + HOUR}, {}, {}, R.LICENCE),
        ({"licence_ends_at": NOW + HOUR}, {}, {}, None),
        ({"licence_ends_at": NOW}, {}, {}, R.LICENCE),
        # Country
        ({"allowed_countries": ["UG"]}, {}, {"country": "UG"}, None),
        ({"allowed_countries": ["UG"]}, {}, {"country": "KE"}, R.REGION),
        ({"allowed_countries": ["UG"]}, {}, {"country": ""}, R.REGION),
        ({"blocked_countries": ["KE"]}, {}, {"country": "KE"}, R.REGION),
        ({"blocked_countries": ["KE"]}, {}, {"country": "UG"}, None),
        ({"blocked_countries": ["KE"]}, {}, {"country": ""}, None),
        (
            {"allowed_countries": ["UG"], "blocked_countries": ["UG"]},
            {},
            {"country": "UG"},
            R.REGION,
        ),
        # Age, by the birthday itself
        ({"age_rating": "G"}, {}, {}, None),
        ({"age_rating": "PG"}, {}, {}, None),
        ({"age_rating": "18"}, {}, {}, R.AGE_UNKNOWN),
        ({"age_rating": "18"}, {"date_of_birth": date(2008, 11, 21)}, {}, None),
        ({"age_rating": "18"}, {"date_of_birth": date(2008, 11, 22)}, {}, R.AGE),
        ({"age_rating": "13"}, {"date_of_birth": date(2013, 11, 21)}, {}, None),
        ({"age_rating": "16"}, {"date_of_birth": date(2012, 1, 1)}, {}, R.AGE),
        # A plan that has run out is FREE, from its last moment on
        ({"access_level": "BASIC"}, {"plan": "BASIC", "plan_until": NOW + HOUR}, {}, None),
        ({"access_level": "BASIC"}, {"plan": "BASIC", "plan_until": NOW}, {}, R.SUBSCRIPTION),
        # Other streams
        ({}, {}, {"streams_elsewhere": 0, "stream_limits": {"FREE": 1}}, None),
        ({}, {}, {"streams_elsewhere": 1, "stream_limits": {"FREE": 1}}, R.STREAM_LIMIT),
        ({}, {}, {"streams_elsewhere": 9}, None),
        (
            {},
            {"plan": "PREMIUM"},
            {"streams_elsewhere": 3, "stream_limits": {"FREE": 1, "PREMIUM": 4}},
            None,
        ),
        # The first reason when several hold
        ({"playable": False, "access_level": "PREMIUM"}, {}, {}, R.NOT_READY),
        ({"age_rating": "18", "access_level": "PREMIUM"}, {}, {}, R.AGE_UNKNOWN),
        (
            {"age_rating": "18", "access_level": "PREMIUM"},
            {"date_of_birth": date(2012, 1, 1)},
            {},
            R.AGE,
        ),
    ],
)
def test_table(
    film: dict[str, Any], person: dict[str, Any], asked: dict[str, Any], refusal: Refusal | None
) -> None:
    viewer = replace(VIEWER, **person)
    decided = entitlement_decide(_movie(**film), viewer=viewer, now=NOW, **asked)
    assert decided.refusal == refusal
    assert decided.allowed == (refusal is None)
    assert bool(decided.message) == (refusal is not None)


def test_visitors_have_to_sign_in() -> None:
    decided = entitlement_decide(_movie(access_level="PREMIUM"), viewer=None, now=NOW)
    assert decided.refusal == R.SIGN_IN
    with pytest.raises(NotSignedIn):
        decided.enforce()


def test_errors_of_refusals() -> None:
    hidden = entitlement_decide(_movie(published=False), viewer=VIEWER, now=NOW)
    with pytest.raises(NotFound):
        hidden.enforce()
    premium = _movie(access_level="PREMIUM")
    for plan, code, title in [
        ("FREE", "subscription_required", "Subscription Required"),
        ("BASIC", "upgrade_required", "Upgrade Required"),
    ]:
        viewer = replace(VIEWER, plan=plan)
        with pytest.raises(EntitlementDenied) as caught:
            entitlement_decide(premium, viewer=viewer, now=NOW).enforce()
        error = caught.value
        assert (error.status, error.error_code, error.title) == (403, code, title)
        assert error.extras == {
            "currentPlan": plan,
            "requiredPlan": "PREMIUM",
            "upgradeUrl": "/subscribe",
        }
    for born, code, message in [
        (None, "age_unknown", "Enter your date of birth"),
        (date(2012, 1, 1), "age_restricted", "for 18 and over"),
    ]:
        viewer = replace(VIEWER, date_of_birth=born)
        with pytest.raises(EntitlementDenied, match=message) as caught:
            entitlement_decide(_movie(age_rating="18"), viewer=viewer, now=NOW).enforce()
        assert (caught.value.error_code, caught.value.extras) == (code, {"minimumAge": 18})
    entitlement_decide(_movie(), viewer=VIEWER, now=NOW).enforce()


@pytest.mark.parametrize(
    ("film", "country", "refusal"),
    [
        ({"access_level": "PREMIUM", "age_rating": "18"}, "", None),
        ({"trailer_duration": 0}, "", R.NOT_FOUND),
        ({"published": False}, "", R.NOT_FOUND),
        ({"licence_ends_at": NOW}, "", R.LICENCE),
        ({"licence_starts_at": NOW + HOUR}, "", R.LICENCE),
        ({"blocked_countries": ["KE"]}, "KE", R.REGION),
        ({"blocked_countries": ["KE"]}, "UG", None),
        ({"allowed_countries": ["UG"]}, "", R.REGION),
    ],
)
def test_a_trailer_is_public_where_its_film_is_listed(
    film: dict[str, Any], country: str, refusal: Refusal | None
) -> None:
    movie = _movie(**({"trailer_duration": 30} | film))
    for viewer in (None, VIEWER):
        decided = entitlement_decide(
            movie, viewer=viewer, now=NOW, country=country, trailer=True, streams_elsewhere=9,
            stream_limits={"FREE": 1},
        )  # fmt: skip
        assert decided.refusal == refusal
