"""Commands to a payment provider, and differences from it that staff must resolve."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from billing.models.plans import Plan
from kushfilms.core.models import UUIDModel

# Lifetime of a checkout page, here and at Stripe, whose minimum is 30 minutes.
CHECKOUT_LIFETIME = timedelta(minutes=31)


class CheckoutState(models.TextChoices):
    OPEN = "OPEN"
    DONE = "DONE"
    GONE = "GONE"


class Checkout(UUIDModel):
    """Purchase in progress. Its id is the idempotency key of the provider's payment page."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="checkouts"
    )
    plan = models.CharField(max_length=7, choices=Plan.choices)
    state = models.CharField(
        max_length=4, choices=CheckoutState.choices, default=CheckoutState.OPEN
    )
    with_trial = models.BooleanField(default=False)
    provider_session_id = models.CharField(max_length=120, blank=True)
    url = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="OPEN"), name="one_open_checkout_a_person"
            ),
        ]
        indexes = [models.Index(fields=["provider_session_id"], name="checkout_by_session")]

    def __str__(self) -> str:
        return f"{self.plan} {self.state}"


class CommandKind(models.TextChoices):
    CANCEL = "CANCEL"  # at the end of the period
    REACTIVATE = "REACTIVATE"
    CHANGE_PLAN = "CHANGE_PLAN"  # to a dearer plan at once, for the difference
    LOWER_LATER = "LOWER_LATER"  # to a cheaper plan from the next period on
    SET_PLAN = "SET_PLAN"  # to a plan at once, and no money moves
    END = "END"  # at once
    VOID = "VOID"  # withdraws an open bill, so that it can no longer be paid
    REFUND = "REFUND"
    FORGET = "FORGET"  # deletes the customer, at an erasure


class CommandState(models.TextChoices):
    WAITING = "WAITING"
    DONE = "DONE"
    FAILED = "FAILED"


class ProviderCommand(UUIDModel):
    """Change that a provider must carry out.

    Its id is the idempotency key, so the provider carries out a repeated call only once.
    """

    # An erasure keeps the row and clears the person.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(max_length=16, choices=CommandKind.choices)
    state = models.CharField(
        max_length=7, choices=CommandState.choices, default=CommandState.WAITING
    )
    provider = models.CharField(max_length=20)
    object_id = models.CharField(max_length=100)  # the subscription, payment, bill or customer
    plan = models.CharField(max_length=7, choices=Plan.choices, blank=True)
    amount_minor = models.PositiveBigIntegerField(null=True)
    # Proration date of a change of plan, so that the provider charges the amount that was shown.
    priced_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "billing_order"
        verbose_name = "provider command"
        constraints = [
            # A double click on "cancel" or "refund" creates one command.
            models.UniqueConstraint(
                fields=["provider", "object_id", "kind"],
                condition=Q(state="WAITING"),
                name="one_waiting_order_a_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class DiscrepancyKind(models.TextChoices):
    UNKNOWN_PRICE = "UNKNOWN_PRICE"
    CURRENCY = "CURRENCY"
    SECOND_SUBSCRIPTION = "SECOND_SUBSCRIPTION"
    UNKNOWN_CUSTOMER = "UNKNOWN_CUSTOMER"
    PAID_AFTER_END = "PAID_AFTER_END"
    REFUND_FAILED = "REFUND_FAILED"
    ORDER_REFUSED = "ORDER_REFUSED"
    CUSTOMER_GONE = "CUSTOMER_GONE"
    MISSED = "MISSED"  # the provider's API has a version that no event brought


class Discrepancy(UUIDModel):
    """Difference between the provider's data and ours, for staff to resolve."""

    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=19, choices=DiscrepancyKind.choices)
    customer_id = models.CharField(max_length=100, blank=True)
    object_id = models.CharField(max_length=100)
    detail = models.CharField(max_length=500)
    found_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "discrepancies"
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind", "object_id"],
                condition=Q(resolved_at=None),
                name="one_open_discrepancy_a_thing",
            ),
        ]
        indexes = [models.Index(fields=["-found_at"], name="discrepancy_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Notice(UUIDModel):
    """Record of a message about a plan, so that each message is sent once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "about"], name="told_once_of_money"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
