"""The way to Stripe: one client, its errors in our words."""

import json
import logging
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

import stripe
from django.conf import settings
from djstripe.settings import djstripe_settings

from billing.models import Plan
from billing.providers.base import CustomerGone, ProviderRefused
from billing.sync.projection import Prices
from billing.sync.versions import Object
from kushfilms.core.errors import Unavailable

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

# A person waits for a checkout page this long; Stripe answers in well under a second.
TIMEOUT_SECONDS = 8
AWAY = "We cannot reach our payment service. Nothing was charged. Try again in a minute."
GONE = "The payment service does not know you any more. Choose a plan again."
REFUSED = (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError)


def client() -> stripe.StripeClient:
    """Raises Unavailable where no key is set."""
    if not settings.STRIPE_SECRET_KEY:
        raise Unavailable("Plans cannot be bought here yet.", retry_after_seconds=3600)
    host = getattr(settings, "STRIPE_API_HOST", "https://api.stripe.com")
    return _client(settings.STRIPE_SECRET_KEY, host, djstripe_settings.STRIPE_API_VERSION)


@lru_cache(maxsize=4)
def _client(key: str, host: str, version: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=version,
        base_addresses={"api": host},
        max_network_retries=1,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def calls(method: Callable[P, R]) -> Callable[P, R]:
    """Decorator: what goes wrong at Stripe as Unavailable or ProviderRefused."""

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except REFUSED as exc:
            if _is_of_lost_customer(exc):
                raise CustomerGone(GONE) from exc
            said = exc.user_message or "The payment service refused this."
            raise ProviderRefused(str(said)) from exc
        except stripe.StripeError as exc:
            logger.warning("stripe does not answer as it should", exc_info=exc)
            raise Unavailable(AWAY, retry_after_seconds=60) from exc

    return call


def _is_of_lost_customer(exc: stripe.StripeError) -> bool:
    """Stripe says it by its code and by its text; which parameter it names depends on the call."""
    said = str(exc.user_message or exc)
    return exc.code in {"resource_missing", None} and said.startswith("No such customer")


def as_dict(found: Any) -> Object:
    """As it was sent, all the way down."""
    data: Object = json.loads(str(found))
    return data


def prices_of(plan: Plan) -> list[str]:
    """The price ids that sell a plan, the one on sale first."""
    known: dict[str, list[str]] = {
        Plan.BASIC: settings.STRIPE_PRICE_BASIC,
        Plan.PREMIUM: settings.STRIPE_PRICE_PREMIUM,
    }
    return known.get(plan, [])


def plan_of_price(price_id: str) -> Plan:
    """Return the plan a price sells; FREE for an unknown one."""
    return prices_known().plans.get(price_id, Plan.FREE)


def prices_known() -> Prices:
    plans = {price_id: plan for plan in (Plan.BASIC, Plan.PREMIUM) for price_id in prices_of(plan)}
    return Prices(plans=plans, currency=settings.PLAN_CURRENCY)
