"""What a change to a dearer plan costs now: asked of the provider, shown, and charged as shown."""

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
# The difference gets smaller by the hour, so an old page asks again.
LASTS_SECONDS = 30 * 60


@dataclass(frozen=True)
class Quote:
    """The difference to pay for the rest of the period, priced at a moment."""

    plan: Plan
    amount_minor: int
    currency: str
    priced_at: datetime
    subscription_id: str

    @property
    def amount_text(self) -> str:
        return money_text(self.amount_minor, self.currency)

    def token(self, user: User) -> str:
        """Sign the quote for the form that confirms it: a person cannot choose the price."""
        signed: dict[str, Any] = {
            "user": str(user.pk),
            "plan": self.plan.value,
            "amount": self.amount_minor,
            "currency": self.currency,
            "at": int(self.priced_at.timestamp()),
            "subscription": self.subscription_id,
        }
        return signing.dumps(signed, salt=SALT)


def quote_make(user: User, *, plan: Plan, now: datetime) -> Quote:
    """Ask the provider for the difference.

    Raises InvalidInput and WrongState as `subscription_raise`; Unavailable.
    """
    row = subscription_raisable(user, plan=plan)
    amount, at = provider().plan_raise_price(row.provider_subscription_id, plan=plan, now=now)
    return Quote(plan, amount, settings.PLAN_CURRENCY, at, row.provider_subscription_id)


def quote_read(user: User, token: str, *, subscription_id: str) -> Quote:
    """Read a quote that was shown. Raises WrongState (`quote_over`): old, or of another plan."""
    try:
        signed = signing.loads(token, salt=SALT, max_age=LASTS_SECONDS)
    except signing.BadSignature as exc:
        raise WrongState(
            "The amount may have changed. Look at it again.", code="quote_over"
        ) from exc
    if (signed["user"], signed["subscription"]) != (str(user.pk), subscription_id):
        raise WrongState("The amount may have changed. Look at it again.", code="quote_over")
    return Quote(
        plan=Plan(signed["plan"]),
        amount_minor=signed["amount"],
        currency=signed["currency"],
        priced_at=datetime.fromtimestamp(signed["at"], UTC),
        subscription_id=signed["subscription"],
    )
