"""Personal data that billing holds, declared for export and erasure."""

from uuid import UUID

from django.db.models import QuerySet
from djstripe.models import Customer

from accounts.privacy.registry import personal_data
from billing.models import Checkout, Notice, Payment, ProviderCommand, ProviderEvent, Subscription


def _customer_ids(user_id: UUID) -> QuerySet[Subscription, str]:
    rows = Subscription.objects.filter(user_id=user_id).exclude(provider_customer_id="")
    return rows.values_list("provider_customer_id", flat=True)


personal_data(
    "subscription",
    about="Your plan. After your data is erased, it stays as a number without your name.",
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
        "next_plan": "nextPlan",
        "complimentary_plan": "givenToYou",
        "complimentary_until": "givenUntil",
    },
    # Cleared by `billing.services.account_closure`, because the payment service must delete the
    # customer first.
    blank={},
)
personal_data(
    "payments",
    about="Your payments. The law requires us to keep them; after erasure, without your name.",
    model=Payment,
    fields={
        "paid_at": "at",
        "amount_minor": "amountMinor",
        "refunded_minor": "refundedMinor",
        "currency": "currency",
        "status": "status",
        "description": "for",
        "failure_message": "failedBecause",
    },
    blank={"receipt_url": "", "failure_message": ""},
)
personal_data(
    "checkouts",
    about="Payments for a plan that you started.",
    model=Checkout,
    fields={"plan": "plan", "state": "state", "created_at": "at"},
)
personal_data(
    "billing_requests",
    about="Our requests to the payment service about your plan.",
    model=ProviderCommand,
    fields={"kind": "kind", "state": "state", "plan": "plan", "created_at": "at"},
    blank={"user": None, "reason": ""},
)
personal_data(
    "billing_letters",
    about="Messages we sent you about your plan.",
    model=Notice,
    fields={"kind": "kind", "created_at": "at"},
)
personal_data(
    "payment_service_customer",
    about="Your customer record at the payment service. Card numbers never reach us.",
    model=Customer,
    owner="subscriber",
    rows=lambda user_id: Customer.objects.filter(id__in=_customer_ids(user_id)).order_by("pk"),
    fields={"id": "number", "email": "email", "created": "since"},
)
personal_data(
    "payment_service_messages",
    about="Messages from the payment service about you, in full.",
    model=ProviderEvent,
    owner="customer_id",
    rows=lambda user_id: ProviderEvent.objects.filter(
        customer_id__in=_customer_ids(user_id)
    ).order_by("pk"),
    fields={"received_at": "at", "type": "about", "payload": "message"},
)
