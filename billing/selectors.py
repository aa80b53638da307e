"""Which plans there are, and which one a person holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Case, CharField, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from accounts.auth.principal import HeldPlan
from accounts.models import User
from billing.models import Order, OrderKind, OrderState, Payment, Plan, Subscription
from billing.plan_access import FIELDS, opens, standing_of
from kushfilms.core.currencies import money_text, number_text
from kushfilms.core.errors import NotFound

# What each plan offers. Pages translate it, the API does not. Nothing is promised here that is
# not built: `billing/tests/test_promises.py` reads it.
PLANS: tuple[tuple[Plan, str, tuple[str, ...]], ...] = (
    (Plan.FREE, _("Free films"), (_("All free films"), _("Pick up where you stopped"))),
    (Plan.BASIC, _("More films"), (_("Free and Basic films"), _("Pick up where you stopped"))),
    (Plan.PREMIUM, _("All films"), (_("Every film"), _("Pick up where you stopped"))),
)
REFUSAL_SHOWN = timedelta(days=7)
PAYMENT_ORDER = ("-paid_at", "-id")


def held_plan(user_id: UUID) -> HeldPlan:
    """The plan a person holds now, and until when; FREE without one."""
    row = Subscription.objects.filter(user_id=user_id).only(*FIELDS).first()
    standing = standing_of(row, now=timezone.now())
    return HeldPlan(standing.plan, standing.until)


def plan_of(subscription: Subscription | None, *, now: datetime) -> Plan:
    """The plan a subscription row opens at a moment."""
    return standing_of(subscription, now=now).plan


def users_with_plan(users: QuerySet[User], now: datetime) -> QuerySet[User]:
    """People, each with the plan they hold at this moment as `plan_now`."""
    held = Case(
        When(opens(Plan.PREMIUM, now=now), then=Value(Plan.PREMIUM.value)),
        When(opens(Plan.BASIC, now=now), then=Value(Plan.BASIC.value)),
        default=Value(Plan.FREE.value),
        output_field=CharField(),
    )
    return users.annotate(plan_now=held)


def subscription_of(user_id: UUID) -> Subscription:
    """A person's row, or what one would be: the free plan's."""
    row = Subscription.objects.filter(user_id=user_id).first()
    return row or Subscription(user_id=user_id)


def payments_of(user_id: UUID) -> QuerySet[Payment]:
    return Payment.objects.filter(user_id=user_id).order_by(*PAYMENT_ORDER)


def payment_get(payment_id: UUID, *, user_id: UUID) -> Payment:
    """Raises NotFound, also for somebody else's."""
    payment = payments_of(user_id).filter(pk=payment_id).first()
    if payment is None:
        raise NotFound("There is no such payment.")
    return payment


@dataclass(frozen=True)
class PlanOffer:
    """A plan as it is offered. `amount_minor` is for a month, in minor units of `currency`."""

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
    """Every plan, the free one first."""
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
    """Return what a plan costs a month, as people read it."""
    return money_text(settings.PLAN_PRICES.get(plan, 0), settings.PLAN_CURRENCY)


def change_refused(row: Subscription, *, now: datetime) -> Order | None:
    """Return the last change to a dearer plan, where the payment for it was refused lately."""
    changes = Order.objects.filter(
        object_id=row.provider_subscription_id, kind=OrderKind.CHANGE_PLAN
    )
    last = changes.order_by("-created_at").first()
    if last is None or last.state != OrderState.FAILED or last.created_at < now - REFUSAL_SHOWN:
        return None
    return last if Plan(last.plan).rank > Plan(row.plan).rank else None
