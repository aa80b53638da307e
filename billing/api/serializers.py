"""JSON of plans, subscriptions and payments.

`amountMinor` is in ISO 4217 minor units: UGX 11,000 is 11000, USD 2.99 is 299. `amount` is the same
amount as text for people.
"""

from typing import Any

from rest_framework import serializers

from billing.models import PaymentStatus, Plan, SubscriptionStatus
from kushfilms.core.api.fast_serializers import LeanSerializer

PAID_PLANS = [(plan.value, plan.label) for plan in (Plan.BASIC, Plan.PREMIUM)]


class PlanOutput(serializers.Serializer[Any]):
    plan = serializers.ChoiceField(choices=Plan.choices)
    amountMinor = serializers.IntegerField(
        source="amount_minor", help_text="Monthly, in ISO minor units: UGX 11,000 is 11000."
    )
    amount = serializers.CharField(
        source="amount_text", help_text="The same amount as text, such as `UGX 11,000`."
    )
    currency = serializers.CharField()
    promise = serializers.CharField()
    features = serializers.ListField(source="points", child=serializers.CharField())
    screens = serializers.IntegerField(help_text="Number of devices that may play at once.")


class PlansOutput(serializers.Serializer[Any]):
    results = PlanOutput(many=True)
    trialDays = serializers.IntegerField(
        help_text="Length of the free trial, once for each person. 0: no trial."
    )


class CheckoutInput(serializers.Serializer[Any]):
    plan = serializers.ChoiceField(choices=PAID_PLANS)


class CheckoutOutput(serializers.Serializer[Any]):
    sessionUrl = serializers.CharField(
        help_text="Open it in a browser. For a subscriber it is the payment service's page for "
        "card and bills; a plan is changed on `/account/billing`."
    )


class PortalOutput(serializers.Serializer[Any]):
    portalUrl = serializers.CharField(help_text="Open it in a browser.")


class SubscriptionOutput(serializers.Serializer[Any]):
    """Plan that opens films now (`plan`), and the state of the paid plan (all other fields)."""

    plan = serializers.ChoiceField(choices=Plan.choices)
    until = serializers.DateTimeField(
        allow_null=True, help_text="When `plan` falls back to `FREE`; null: never."
    )
    paidPlan = serializers.ChoiceField(source="row.plan", choices=Plan.choices)
    status = serializers.ChoiceField(source="row.status", choices=SubscriptionStatus.choices)
    currentPeriodStart = serializers.DateTimeField(
        source="row.current_period_start", allow_null=True
    )
    currentPeriodEnd = serializers.DateTimeField(source="row.current_period_end", allow_null=True)
    cancelAtPeriodEnd = serializers.BooleanField(source="row.cancel_at_period_end")
    canceledAt = serializers.DateTimeField(source="row.canceled_at", allow_null=True)
    trialEndsAt = serializers.DateTimeField(source="row.trial_ends_at", allow_null=True)
    nextPlan = serializers.ChoiceField(
        source="row.next_plan",
        choices=[("", ""), *PAID_PLANS],
        help_text="The cheaper plan that begins at `currentPeriodEnd`, or empty.",
    )
    upgradePlan = serializers.ChoiceField(
        source="row.upgrade_plan",
        choices=[("", ""), *PAID_PLANS],
        help_text="The plan that opens once `payUrl` is paid, or empty.",
    )
    payUrl = serializers.CharField(
        source="row.pay_url", help_text="Payment page of the open bill, or empty."
    )


class PaymentOutput(LeanSerializer):
    id = serializers.UUIDField()
    amountMinor = serializers.IntegerField(
        source="amount_minor", help_text="In ISO minor units: UGX 11,000 is 11000."
    )
    amount = serializers.CharField(
        source="amount_text", help_text="The same amount as text, such as `UGX 11,000`."
    )
    refundedMinor = serializers.IntegerField(source="refunded_minor")
    refunded = serializers.CharField(
        source="refunded_text", help_text="The refunded amount as text."
    )
    currency = serializers.CharField()
    status = serializers.ChoiceField(choices=PaymentStatus.choices)
    description = serializers.CharField()
    receiptUrl = serializers.CharField(
        source="receipt_url", help_text="Page of the receipt, or empty."
    )
    failureMessage = serializers.CharField(
        source="failure_message", help_text="The bank's reason for a failed payment, or empty."
    )
    paidAt = serializers.DateTimeField(source="paid_at")
