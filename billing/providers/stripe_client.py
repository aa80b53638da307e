"""Client of Stripe's API, and the translation of its errors into ours."""

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

# Longest wait for a checkout page. Stripe normally answers in well under a second.
TIMEOUT_SECONDS = 8
UNAVAILABLE = "We cannot reach our payment service. You were not charged. Try again in a minute."
CUSTOMER_GONE = "The payment service no longer has your details. Choose a plan again."
REFUSED = (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError)


def client() -> stripe.StripeClient:
    """Return the client.

    Raises:
        Unavailable: no key is configured.
    """
    if not settings.STRIPE_SECRET_KEY:
        raise Unavailable("Paid plans are not available yet.", retry_after_seconds=3600)
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
    """Decorate a method so that Stripe's errors become Unavailable or ProviderRefused."""

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except REFUSED as exc:
            # The code and the text report a deleted customer; the parameter that Stripe names
            # depends on the call.
            text = str(exc.user_message or exc)
            if exc.code in {"resource_missing", None} and text.startswith("No such customer"):
                raise CustomerGone(CUSTOMER_GONE) from exc
            message = exc.user_message or "The payment service refused this."
            raise ProviderRefused(str(message)) from exc
        except stripe.StripeError as exc:
            logger.warning("call to stripe failed", exc_info=exc)
            raise Unavailable(UNAVAILABLE, retry_after_seconds=60) from exc

    return call


def as_dict(resource: Any) -> Object:
    """Return a Stripe object as plain dicts and lists, at all levels."""
    data: Object = json.loads(str(resource))
    return data


def prices_of(plan: Plan) -> list[str]:
    """Return the price ids of a plan, the one for new subscriptions first."""
    price_ids: dict[str, list[str]] = {
        Plan.BASIC: settings.STRIPE_PRICE_BASIC,
        Plan.PREMIUM: settings.STRIPE_PRICE_PREMIUM,
    }
    return price_ids.get(plan, [])


def plan_of_price(price_id: str) -> Plan:
    """Return the plan of a price; FREE for an unknown one."""
    return prices_configured().plans.get(price_id, Plan.FREE)


def prices_configured() -> Prices:
    plans = {price_id: plan for plan in (Plan.BASIC, Plan.PREMIUM) for price_id in prices_of(plan)}
    return Prices(plans=plans, currency=settings.PLAN_CURRENCY)
