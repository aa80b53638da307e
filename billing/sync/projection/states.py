"""Input and output types of the projection.

Objects of the mirror are Stripe's own, with amounts in Stripe's units. The output is in ISO minor
units: the projection is the only place that converts incoming amounts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models

from billing.models import (
    DiscrepancyKind,
    LedgerKind,
    PaymentStatus,
    Plan,
    SubscriptionStatus,
)
from billing.sync.versions import Object


@dataclass(frozen=True)
class Prices:
    """Plan of each price id, and the currency of all sales."""

    plans: Mapping[str, Plan]
    currency: str


@dataclass(frozen=True)
class Mirror:
    """Provider's objects of one customer. A charge names its invoice if that is known."""

    subscriptions: Sequence[Object] = ()
    charges: Sequence[Object] = ()
    refunds: Sequence[Object] = ()
    disputes: Sequence[Object] = ()
    invoices: Sequence[Object] = ()
    customer_gone: bool = False  # deleted at the provider, and every subscription with it


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
    next_plan: str = ""
    upgrade_plan: str = ""
    past_due_since: datetime | None = None
    pay_url: str = ""


@dataclass(frozen=True)
class PaymentState:
    provider_payment_id: str
    amount_minor: int
    refunded_minor: int
    currency: str
    status: PaymentStatus
    disputed: bool
    provider_subscription_id: str
    purpose: str
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


class RefundCause(models.TextChoices):
    """Reason for an automatic refund; its label is the command's reason."""

    DOUBLE = "DOUBLE", "Charged twice: a second subscription beside the first."
    LATE = "LATE", "An old bill was paid after the subscription had ended."


@dataclass(frozen=True)
class Unearned:
    """Payment without a service in return, which must be refunded."""

    payment_id: str
    cause: RefundCause


class EndCause(models.TextChoices):
    """Reason for the early end of a subscription."""

    UNPAID = "UNPAID"
    REFUNDED = "REFUNDED"
    DISPUTED = "DISPUTED"
    OTHER = "OTHER"


@dataclass(frozen=True)
class Projection:
    subscription: SubscriptionState
    end_cause: EndCause = EndCause.OTHER  # meaningful if the subscription is canceled
    payments: tuple[PaymentState, ...] = ()
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    to_end: tuple[str, ...] = ()  # subscriptions the provider must stop billing
    to_void: tuple[str, ...] = ()  # open bills of subscriptions that have ended
    to_set: tuple[tuple[str, Plan], ...] = ()  # subscriptions and the plan that is paid for
    to_refund: tuple[Unearned, ...] = ()


def by_time(objects: Sequence[Object]) -> list[Object]:
    return sorted(objects, key=lambda data: (int(data.get("created") or 0), str(data["id"])))


def id_of(value: Any) -> str:
    """Return the id of an expanded object, of a bare id, or empty for neither."""
    return str(value.get("id", "")) if isinstance(value, dict) else str(value or "")


def moment(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None
