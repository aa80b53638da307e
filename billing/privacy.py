"""What this app holds on people (`accounts.privacy.registry`)."""

from uuid import UUID

from django.db.models import QuerySet
from djstripe.models import Customer

from accounts.privacy.registry import personal_data
from billing.models import Checkout, Notice, Order, Payment, ProviderEvent, Subscription


def _events(user_id: UUID) -> QuerySet[ProviderEvent]:
    return ProviderEvent.objects.filter(customer_id__in=_customer_ids(user_id)).order_by("pk")


def _customers(user_id: UUID) -> QuerySet[Customer]:
    found: QuerySet[Customer] = Customer.objects.filter(id__in=_customer_ids(user_id))
    return found.order_by("pk")


def _customer_ids(user_id: UUID) -> QuerySet[Subscription, str]:
    rows = Subscription.objects.filter(user_id=user_id).exclude(provider_customer_id="")
    return rows.values_list("provider_customer_id", flat=True)


personal_data(
    "subscription",
    about="Your plan. After an erasure it stays as a number without your name.",
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
    blank={},  # the payment service must be told first: `billing.services.account_closing`
)
personal_data(
    "payments",
    about="What you paid. The law makes us keep it; after an erasure without your name.",
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
    about="When you went to pay for a plan.",
    model=Checkout,
    fields={"plan": "plan", "state": "state", "created_at": "at"},
)
personal_data(
    "billing_requests",
    about="What we asked the payment service to do for you.",
    model=Order,
    fields={"kind": "kind", "state": "state", "plan": "plan", "created_at": "at"},
    blank={"user": None, "reason": ""},
)
personal_data(
    "billing_letters",
    about="What we told you about your plan.",
    model=Notice,
    fields={"kind": "kind", "created_at": "at"},
)
personal_data(
    "payment_service_customer",
    about="You, as the payment service knows you. Card numbers never reach us.",
    model=Customer,
    owner="subscriber",
    rows=_customers,
    fields={"id": "number", "email": "email", "created": "since"},
)
personal_data(
    "payment_service_messages",
    about="What the payment service told us about you, word for word.",
    model=ProviderEvent,
    owner="customer_id",
    rows=_events,
    fields={"received_at": "at", "type": "about", "payload": "message"},
)
