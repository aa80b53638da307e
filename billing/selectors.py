"""Plans on offer, the plan a person holds, and their payments."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Case, CharField, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from accounts.auth.principal import HeldPlan
from accounts.models import User
from billing.models import CommandKind, CommandState, Payment, Plan, ProviderCommand, Subscription
from billing.plan_access import FIELDS, opens, plan_access_of
from kushfilms.core.currencies import money_text, number_text
from kushfilms.core.db.prepared import STAND_IN_ID, Prepared
from kushfilms.core.errors import NotFound

# Features of each plan. Pages translate them, the API does not. `billing/tests/test_promises.py`
# checks that every feature named here exists.
PLANS: tuple[tuple[Plan, str, tuple[str, ...]], ...] = (
    (Plan.FREE, _("Free films"), (_("All free films"), _("Continue where you left off"))),
    (Plan.BASIC, _("More films"), (_("Free and Basic films"), _("Continue where you left off"))),
    (Plan.PREMIUM, _("All films"), (_("Every film"), _("Continue where you left off"))),
)
REFUSAL_SHOWN = timedelta(days=7)
PAYMENT_ORDER = ("-paid_at", "-id")


def held_plans(user_ids: Collection[UUID]) -> dict[UUID, HeldPlan]:
    """Return the plans that people with a subscription hold now, with their ends."""
    now = timezone.now()
    rows = _SUBSCRIPTIONS.rows_by_id("user_id", list(user_ids))
    plans = {}
    for user_id, found in zip(user_ids, rows, strict=True):
        if found:
            row = Subscription(**dict(zip(FIELDS, found[0], strict=True)))
            access = plan_access_of(row, now=now)
            plans[user_id] = HeldPlan(access.plan, access.until)
    return plans


_SUBSCRIPTIONS = Prepared(
    lambda user_id: Subscription.objects.filter(user_id=user_id).values_list(*FIELDS),
    user_id=STAND_IN_ID,
)


def plan_of(subscription: Subscription | None, *, now: datetime) -> Plan:
    """Return the plan that a subscription row opens at a moment."""
    return plan_access_of(subscription, now=now).plan


def users_with_plan(users: QuerySet[User], now: datetime) -> QuerySet[User]:
    """Annotate users with the plan they hold at this moment, as `plan_now`."""
    held = Case(
        When(opens(Plan.PREMIUM, now=now), then=Value(Plan.PREMIUM.value)),
        When(opens(Plan.BASIC, now=now), then=Value(Plan.BASIC.value)),
        default=Value(Plan.FREE.value),
        output_field=CharField(),
    )
    return users.annotate(plan_now=held)


def subscription_of(user_id: UUID) -> Subscription:
    """Return a person's subscription, or an unsaved one on the free plan."""
    row = Subscription.objects.filter(user_id=user_id).first()
    return row or Subscription(user_id=user_id)


def payments_of(user_id: UUID) -> QuerySet[Payment]:
    return Payment.objects.filter(user_id=user_id).order_by(*PAYMENT_ORDER)


def payment_get(payment_id: UUID, *, user_id: UUID) -> Payment:
    """Return a person's payment.

    Raises:
        NotFound: no such payment, or a payment of another person.
    """
    payment = payments_of(user_id).filter(pk=payment_id).first()
    if payment is None:
        raise NotFound("There is no such payment.")
    return payment


@dataclass(frozen=True)
class PlanOffer:
    """Plan on offer. `amount_minor` is for a month, in minor units of `currency`."""

    plan: Plan
    amount_minor: int
    currency: str
    promise: str
    points: tuple[str, ...]
    screens: int  # at once

    @property
    def amount_text(self) -> str:
        return money_text(self.amount_minor, self.currency)

    @property
    def number_text(self) -> str:
        return number_text(self.amount_minor, self.currency)


def plans_offered() -> list[PlanOffer]:
    """Return every plan, the free one first."""
    return [
        PlanOffer(
            plan=plan,
            amount_minor=settings.PLAN_PRICES.get(plan, 0),
            currency=settings.PLAN_CURRENCY,
            promise=promise,
            points=points,
            screens=settings.STREAM_LIMITS[plan],
        )
        for plan, promise, points in PLANS
    ]


def plan_price(plan: str) -> str:
    """Return a plan's monthly price as text."""
    return money_text(settings.PLAN_PRICES.get(plan, 0), settings.PLAN_CURRENCY)


def change_refused(row: Subscription, *, now: datetime) -> ProviderCommand | None:
    """Return the last upgrade if its payment was refused within `REFUSAL_SHOWN`, or None."""
    changes = ProviderCommand.objects.filter(
        object_id=row.provider_subscription_id, kind=CommandKind.CHANGE_PLAN
    )
    last = changes.order_by("-created_at").first()
    if last is None or last.state != CommandState.FAILED or last.created_at < now - REFUSAL_SHOWN:
        return None
    return last if Plan(last.plan).rank > Plan(row.plan).rank else None
