"""What goes into the projection and what comes out of it. Amounts are in minor units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from billing.models import (
    DiscrepancyKind,
    LedgerKind,
    PaymentStatus,
    Plan,
    SubscriptionStatus,
)
from billing.versions import Object


@dataclass(frozen=True)
class Prices:
    """Which plan a price id sells, and in which currency we sell."""

    plans: Mapping[str, Plan]
    currency: str


@dataclass(frozen=True)
class Mirror:
    """What the provider has of one customer."""

    subscriptions: Sequence[Object] = ()
    charges: Sequence[Object] = ()
    refunds: Sequence[Object] = ()
    disputes: Sequence[Object] = ()
    invoices: Sequence[Object] = ()


@dataclass(frozen=True)
class SubscriptionState:
    plan: Plan = Plan.FREE
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE
    provider_subscription_id: str = ""
    current_period_start: datetime | None = None
    current_period_end: datetime | None = None
    cancel_at_period_end: bool = False
    canceled_at: datetime | None = None
    trial_ends_at: datetime | None = None
    trial_used_at: datetime | None = None
    pay_url: str = ""


@dataclass(frozen=True)
class PaymentState:
    provider_payment_id: str
    amount_minor: int
    refunded_minor: int
    currency: str
    status: PaymentStatus
    disputed: bool
    description: str
    receipt_url: str
    failure_message: str
    paid_at: datetime


@dataclass(frozen=True)
class Entry:
    payment_id: str
    kind: LedgerKind
    object_id: str
    amount_minor: int
    currency: str
    occurred_at: datetime


@dataclass(frozen=True)
class Problem:
    kind: DiscrepancyKind
    object_id: str
    detail: str


@dataclass(frozen=True)
class Projection:
    subscription: SubscriptionState
    payments: tuple[PaymentState, ...] = ()
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    to_end: tuple[str, ...] = ()  # subscriptions the provider must stop billing


def by_time(objects: Sequence[Object]) -> list[Object]:
    return sorted(objects, key=lambda data: (int(data.get("created") or 0), str(data["id"])))


def id_of(value: Any) -> str:
    """An object's id, where it stands as itself, as its id, or not at all."""
    return str(value.get("id", "")) if isinstance(value, dict) else str(value or "")


def moment(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None
