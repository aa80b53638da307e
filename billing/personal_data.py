"""What this app holds on people (`accounts.held_data`)."""

from accounts.held_data import held_data
from billing.models import Subscription

held_data(
    "subscription",
    about="Your plan.",
    model=Subscription,
    fields={
        "plan": "plan",
        "status": "status",
        "provider": "paidThrough",
        "current_period_start": "from",
        "current_period_end": "until",
        "cancel_at_period_end": "endsThen",
        "canceled_at": "canceledAt",
        "trial_ends_at": "trialUntil",
    },
)
