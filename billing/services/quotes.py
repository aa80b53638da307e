"""Quotes for upgrades: priced by the provider, shown to the person, charged as shown."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing

from accounts.models import User
from billing.models import Plan
from billing.providers import provider
from billing.services.subscriptions import subscription_raisable
from kushfilms.core.currencies import money_text
from kushfilms.core.errors import WrongState

SALT = "billing.quote"
# The difference shrinks by the hour, so an old page gets a new quote.
LASTS_SECONDS = 30 * 60


@dataclass(frozen=True)
class Quote:
    """Difference to pay for the rest of the period, priced at a moment."""

    plan: Plan
    amount_minor: int
    currency: str
    priced_at: datetime
    subscription_id: str

    @property
    def amount_text(self) -> str:
        return money_text(self.amount_minor, self.currency)

    def token(self, user: User) -> str:
        """Return the quote signed for the confirmation form, so that its price is tamper-proof."""
        payload: dict[str, Any] = {
            "user": str(user.pk),
            "plan": self.plan.value,
            "amount": self.amount_minor,
            "currency": self.currency,
            "at": int(self.priced_at.timestamp()),
            "subscription": self.subscription_id,
        }
        return signing.dumps(payload, salt=SALT)


def quote_make(user: User, *, plan: Plan, now: datetime) -> Quote:
    """Return the provider's price for an upgrade.

    Raises:
        InvalidInput, WrongState: as `subscription_raise`.
        Unavailable: the provider does not answer.
    """
    row = subscription_raisable(user, plan=plan)
    amount, at = provider().plan_raise_price(row.provider_subscription_id, plan=plan, now=now)
    return Quote(plan, amount, settings.PLAN_CURRENCY, at, row.provider_subscription_id)


def quote_read(user: User, token: str, *, subscription_id: str) -> Quote:
    """Return the quote that a form brings back.

    Raises:
        WrongState: `quote_over` for an old quote, or one of another subscription.
    """
    try:
        signed = signing.loads(token, salt=SALT, max_age=LASTS_SECONDS)
    except signing.BadSignature as exc:
        raise WrongState(
            "The amount may have changed. Please check it again.", code="quote_over"
        ) from exc
    if (signed["user"], signed["subscription"]) != (str(user.pk), subscription_id):
        raise WrongState("The amount may have changed. Please check it again.", code="quote_over")
    return Quote(
        plan=Plan(signed["plan"]),
        amount_minor=signed["amount"],
        currency=signed["currency"],
        priced_at=datetime.fromtimestamp(signed["at"], UTC),
        subscription_id=signed["subscription"],
    )
