"""What was asked of a provider, and what is wrong between us."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from billing.models.plans import Plan
from kushfilms.core.models import UUIDModel

# Stripe forgets a checkout page after this long, and so do we: its shortest is half an hour.
CHECKOUT_LIFETIME = timedelta(minutes=31)


class CheckoutState(models.TextChoices):
    OPEN = "OPEN"
    DONE = "DONE"
    GONE = "GONE"


class Checkout(UUIDModel):
    """A person on the way to paying. Its id is the idempotency key of the provider's page."""

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


class OrderKind(models.TextChoices):
    CANCEL = "CANCEL"  # at the end of the period
    REACTIVATE = "REACTIVATE"
    CHANGE_PLAN = "CHANGE_PLAN"  # to a dearer plan at once, for the difference
    LOWER_LATER = "LOWER_LATER"  # to a cheaper plan from the next period on
    SET_PLAN = "SET_PLAN"  # to a plan at once, and no money moves
    END = "END"  # at once
    VOID = "VOID"  # an open bill that must not be paid any more
    REFUND = "REFUND"
    FORGET = "FORGET"  # the customer, at an erasure


class OrderState(models.TextChoices):
    WAITING = "WAITING"
    DONE = "DONE"
    FAILED = "FAILED"


class Order(UUIDModel):
    """Something a provider must do. Its id is the idempotency key, so doing it twice is once."""

    # Kept without the person after an erasure.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(max_length=16, choices=OrderKind.choices)
    state = models.CharField(max_length=7, choices=OrderState.choices, default=OrderState.WAITING)
    provider = models.CharField(max_length=20)
    object_id = models.CharField(max_length=100)  # the subscription, payment, bill or customer
    plan = models.CharField(max_length=7, choices=Plan.choices, blank=True)
    amount_minor = models.PositiveBigIntegerField(null=True)
    # The moment from which a change was priced: the amount shown is the amount charged.
    priced_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # A double click on cancel, or on refund, is one order.
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
    MISSED = "MISSED"  # the provider's API says something no event told us


class Discrepancy(UUIDModel):
    """A difference between the provider and us that somebody should look at."""

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
    """That a person was told something about their plan: once, whatever happens twice."""

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
