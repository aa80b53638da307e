"""Interface of a payment provider. Stripe is the first; mobile money is the next.

Only jobs call a provider, except that a page may open a checkout or a portal; never inside a
transaction. Every call that changes something carries an idempotency key.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from billing.models import Plan
from billing.sync.versions import Object
from kushfilms.core.errors import KushError, WrongState


class ProviderRefused(WrongState):
    """Refusal by the provider. The same call will be refused again."""

    code = "provider_refused"


class CustomerGone(ProviderRefused):
    """Refusal because the customer was deleted at the provider."""

    code = "customer_gone"


class BadSignature(KushError):
    """Signature that is not the provider's, or too old."""

    code = "bad_signature"


@dataclass(frozen=True, kw_only=True)
class Page:
    """Page of the provider that a person is redirected to."""

    session_id: str
    url: str


@dataclass(frozen=True, kw_only=True)
class CheckoutRequest:
    """Purchase for which the provider opens a payment page."""

    key: str
    customer_id: str
    user_id: str
    plan: Plan
    trial_days: int
    expires_at: int
    success_url: str
    cancel_url: str


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """Version of an object, from a webhook or fetched from the API."""

    event_id: str
    type: str
    at: int
    object: Object
    payload: Mapping[str, Any]
    fetched: bool = False


class PageState(StrEnum):
    """State of a payment page."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class Provider(Protocol):
    """Payment provider. Amounts are in our minor units; the provider converts them to its own.

    All methods raise Unavailable if the provider does not answer, ProviderRefused if it refuses,
    and CustomerGone if it does not know the customer.
    """

    name: str

    def event_read(self, body: bytes, *, signature: str) -> Incoming:
        """Return the event in a webhook's body.

        Raises:
            BadSignature: not signed by the provider, or too old.
            InvalidInput: not an event.
        """

    def customer_create(self, *, user_id: str, email: str, name: str, replaces: str) -> Object: ...

    def customer_update(self, customer_id: str, *, email: str, name: str) -> None: ...

    def customer_forget(self, customer_id: str, *, key: str) -> None: ...

    def checkout_open(self, request: CheckoutRequest) -> Page: ...

    def checkout_close(self, session_id: str) -> PageState:
        """Close a payment page; return COMPLETE if it was paid before."""

    def portal_open(self, customer_id: str, *, return_url: str) -> Page: ...

    def cancel(self, subscription_id: str, *, key: str) -> Object:
        """Cancel at the end of the period."""

    def reactivate(self, subscription_id: str, *, key: str) -> Object: ...

    def plan_raise_price(
        self, subscription_id: str, *, plan: Plan, now: datetime
    ) -> tuple[int, datetime]:
        """Return the difference for the rest of the period, and its proration date."""

    def plan_raise(
        self, subscription_id: str, *, plan: Plan, priced_at: datetime, key: str
    ) -> Object:
        """Upgrade once the difference, prorated at `priced_at`, is paid.

        The call is refused if another period has begun since, because the difference has changed.
        """

    def plan_lower_later(self, subscription_id: str, *, plan: Plan, key: str) -> Object:
        """Downgrade from the next period on."""

    def plan_set(self, subscription_id: str, *, plan: Plan, key: str) -> Object:
        """Change the plan at once, without a bill or a credit, and drop any pending downgrade."""

    def end(self, subscription_id: str, *, key: str) -> Object:
        """End the subscription at once."""

    def void(self, invoice_id: str, *, key: str) -> Object:
        """Void an open bill, so that it can no longer be paid."""

    def refund(self, payment_id: str, *, amount_minor: int | None, key: str) -> list[Object]:
        """Refund a payment; return the refund and the changed payment."""

    def fetch(self, kind: str, object_id: str) -> Object: ...

    def subscriptions_of(self, customer_id: str) -> list[Object]:
        """Return the customer's subscriptions that have not ended."""

    def everything_of(self, customer_id: str) -> Iterator[Object]:
        """Yield all subscriptions, bills, payments, refunds and disputes, for reconciliation."""

    def units(self, amount_minor: int, currency: str) -> int:
        """Return an amount in this provider's units."""

    def prices(self) -> Iterator[tuple[Plan, str, int, str]]:
        """Yield plan, price id, amount in the provider's units, and currency of each price."""
