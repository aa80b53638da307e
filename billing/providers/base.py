"""What we ask of whoever takes the money. Stripe is the first, mobile money the next.

Only jobs call a provider, except that a page may open a checkout or a portal; never inside a
transaction. Every call that changes something carries a key under which a repeat is the same call.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from billing.models import Plan
from billing.sync.versions import Object
from kushfilms.core.errors import KushError, WrongState


class ProviderRefused(WrongState):
    """The provider understood, and says no; the same call will be refused again."""

    code = "provider_refused"


class CustomerGone(ProviderRefused):
    """The provider does not know this customer: it was deleted there."""

    code = "customer_gone"


class BadSignature(KushError):
    """Not sent by the provider, or long ago."""

    code = "bad_signature"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the provider's that a person is sent to."""

    session_id: str
    url: str


@dataclass(frozen=True, kw_only=True)
class CheckoutWish:
    """What somebody is about to buy."""

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
    """A version of an object, from a webhook or fetched. `usable`: in the shape we know."""

    event_id: str
    type: str
    at: int
    object: Object
    payload: Mapping[str, Any]
    fetched: bool = False
    usable: bool = field(default=True)


class PageState(StrEnum):
    """What became of a page to pay on."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class Provider(Protocol):
    """Amounts are in our minor units; a provider converts them to its own.

    All raise Unavailable where the provider is away, ProviderRefused where it says no, and
    CustomerGone where it does not know the customer.
    """

    name: str

    def event_read(self, body: bytes, *, signature: str) -> Incoming:
        """Raises BadSignature, InvalidInput."""

    def customer_create(self, *, user_id: str, email: str, name: str, replaces: str) -> Object: ...

    def customer_update(self, customer_id: str, *, email: str, name: str) -> None: ...

    def customer_forget(self, customer_id: str, *, key: str) -> None: ...

    def checkout_open(self, wish: CheckoutWish) -> Page: ...

    def checkout_close(self, session_id: str) -> PageState:
        """Close a page to pay on; return COMPLETE where it was paid before."""

    def portal_open(self, customer_id: str, *, return_url: str) -> Page: ...

    def cancel(self, subscription_id: str, *, key: str) -> Object:
        """At the end of its period."""

    def reactivate(self, subscription_id: str, *, key: str) -> Object: ...

    def plan_raise_price(
        self, subscription_id: str, *, plan: Plan, now: datetime
    ) -> tuple[int, datetime]:
        """Return the difference for the rest of the period, and the moment it is priced as of."""

    def plan_raise(
        self, subscription_id: str, *, plan: Plan, priced_at: datetime, key: str
    ) -> Object:
        """Change to a dearer plan once the difference as of a moment is paid.

        Refused where another period has begun since: its difference is another amount.
        """

    def plan_lower_later(self, subscription_id: str, *, plan: Plan, key: str) -> Object:
        """Change to a cheaper plan from the next period on."""

    def plan_set(self, subscription_id: str, *, plan: Plan, key: str) -> Object:
        """Change the plan at once, without a bill or a credit, and no other change to come."""

    def end(self, subscription_id: str, *, key: str) -> Object:
        """At once."""

    def void(self, invoice_id: str, *, key: str) -> Object:
        """Withdraw an open bill: it can be paid no longer."""

    def refund(self, payment_id: str, *, amount_minor: int | None, key: str) -> list[Object]:
        """The refund, and the payment it changed."""

    def fetch(self, kind: str, object_id: str) -> Object: ...

    def subscriptions_of(self, customer_id: str) -> list[Object]:
        """Return those that have not ended."""

    def everything_of(self, customer_id: str) -> Iterator[Object]:
        """For the reconciliation: subscriptions, bills, payments, refunds, disputes."""

    def units(self, amount_minor: int, currency: str) -> int:
        """Return an amount as this provider counts it."""

    def prices(self) -> Iterator[tuple[Plan, str, int, str]]:
        """Plan, price id, amount in the provider's units, currency of what we sell."""
