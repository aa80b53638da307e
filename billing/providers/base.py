"""What we ask of whoever takes the money. Stripe is the first, mobile money the next.

Only jobs call a provider, except that a page may open a checkout or a portal; never inside a
transaction. Every call that changes something carries a key under which a repeat is the same call.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from billing.models import Plan
from billing.versions import Object
from kushfilms.core.errors import KushError, WrongState


class ProviderRefused(WrongState):
    """The provider understood, and says no; the same call will be refused again."""

    code = "provider_refused"


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


class Provider(Protocol):
    """All raise Unavailable where the provider is away, ProviderRefused where it says no."""

    name: str

    def event_read(self, body: bytes, *, signature: str) -> Incoming:
        """Raises BadSignature, InvalidInput."""

    def customer_create(self, *, user_id: str, email: str, name: str) -> Object: ...

    def customer_forget(self, customer_id: str, *, key: str) -> None: ...

    def checkout_open(self, wish: CheckoutWish) -> Page: ...

    def checkout_close(self, session_id: str) -> None:
        """Nobody can pay there any more; a no-op where somebody has."""

    def portal_open(self, customer_id: str, *, return_url: str) -> Page: ...

    def cancel(self, subscription_id: str, *, key: str) -> Object:
        """At the end of its period."""

    def reactivate(self, subscription_id: str, *, key: str) -> Object: ...

    def change_plan(self, subscription_id: str, *, plan: Plan, up: bool, key: str) -> Object:
        """At once; up is paid for now, down is credited to what comes."""

    def end(self, subscription_id: str, *, key: str) -> Object:
        """At once."""

    def refund(self, payment_id: str, *, amount_minor: int | None, key: str) -> list[Object]:
        """The refund, and the payment it changed."""

    def fetch(self, kind: str, object_id: str) -> Object: ...

    def everything_of(self, customer_id: str) -> Iterator[Object]:
        """For the reconciliation: subscriptions, bills, payments, refunds, disputes."""

    def prices(self) -> Iterator[tuple[Plan, str, int, str]]:
        """Plan, price id, minor units, currency, as the provider has what we are set up to sell."""
