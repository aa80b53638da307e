"""Payments, and the ledger of every movement of money."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kushfilms.core.currencies import money_text
from kushfilms.core.models import TimestampedModel, UUIDModel


class PaymentStatus(models.TextChoices):
    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    REFUNDED = "REFUNDED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"


class PaymentPurpose(models.TextChoices):
    """Kind of bill that a payment is for."""

    FIRST = "FIRST", "First month"
    RENEWAL = "RENEWAL", "Renewal"
    UPGRADE = "UPGRADE", "Change to a dearer plan"


class Payment(UUIDModel, TimestampedModel):
    """Attempt to charge a person. Amounts are in ISO minor units of `currency`."""

    # Accounts are blanked, never deleted, because payments must stay provable.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payments"
    )
    provider = models.CharField(max_length=20)
    provider_payment_id = models.CharField(max_length=100)  # Stripe: the charge
    amount_minor = models.PositiveBigIntegerField()
    refunded_minor = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=18, choices=PaymentStatus.choices)
    disputed = models.BooleanField(default=False)  # a bank decides, or has taken the money back
    # The subscription that this payment is for, once known. A refund ends this one and no other.
    provider_subscription_id = models.CharField(
        max_length=100, blank=True, default="", db_default=""
    )
    purpose = models.CharField(
        max_length=7, choices=PaymentPurpose.choices, blank=True, default="", db_default=""
    )
    description = models.CharField(max_length=200, blank=True)
    receipt_url = models.CharField(max_length=1000, blank=True)
    failure_message = models.CharField(max_length=500, blank=True)
    paid_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_payment_id"], name="provider_payment_is_ours_once"
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__lte=F("amount_minor")),
                name="no_more_is_refunded_than_was_paid",
            ),
        ]
        indexes = [
            # A person's payments, newest first.
            models.Index(fields=["user", "-paid_at", "-id"], name="payment_by_user"),
            # The admin's list.
            models.Index(fields=["-paid_at"], name="payment_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_text} on {self.paid_at:%d %b %Y}"

    @property
    def amount_text(self) -> str:
        return money_text(self.amount_minor, self.currency)

    @property
    def refunded_text(self) -> str:
        return money_text(self.refunded_minor, self.currency)

    @property
    def left_minor(self) -> int:
        """Return the amount that has not been refunded."""
        return self.amount_minor - self.refunded_minor

    @property
    def left_text(self) -> str:
        return money_text(self.left_minor, self.currency)


class LedgerKind(models.TextChoices):
    CHARGE = "CHARGE"
    REFUND = "REFUND"
    REFUND_FAILED = "REFUND_FAILED"  # the money came back to us
    DISPUTE = "DISPUTE"
    DISPUTE_WON = "DISPUTE_WON"


class LedgerEntry(UUIDModel):
    """Movement of money. Triggers in the database refuse to change or delete a row.

    `amount_minor` is positive for incoming money. A reversal is a row of its own, never a
    correction.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=13, choices=LedgerKind.choices)
    provider = models.CharField(max_length=20)
    provider_object_id = models.CharField(max_length=100)  # the charge, refund or dispute
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "ledger entry"
        verbose_name_plural = "ledger"
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_object_id", "kind"], name="money_moves_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["CHARGE", "REFUND_FAILED", "DISPUTE_WON"], amount_minor__gt=0)
                | Q(kind__in=["REFUND", "DISPUTE"], amount_minor__lt=0),
                name="ledger_sign_follows_kind",
            ),
        ]
        indexes = [models.Index(fields=["-occurred_at"], name="ledger_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_text}"

    @property
    def amount_text(self) -> str:
        return money_text(self.amount_minor, self.currency)
