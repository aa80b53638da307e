"""Plans, and the subscription of each person."""

from django.conf import settings
from django.db import models

from kushfilms.core.models import TimestampedModel, UUIDModel


class Plan(models.TextChoices):
    """Plans in rising order. A film's level opens to every plan at or above it."""

    FREE = "FREE"
    BASIC = "BASIC"
    PREMIUM = "PREMIUM"

    @property
    def rank(self) -> int:
        return list(Plan).index(self)

    def covers(self, level: "Plan") -> bool:
        return self.rank >= level.rank


class SubscriptionStatus(models.TextChoices):
    ACTIVE = "ACTIVE"
    TRIALING = "TRIALING"
    PAST_DUE = "PAST_DUE"
    CANCELED = "CANCELED"
    UNPAID = "UNPAID"
    INCOMPLETE = "INCOMPLETE"
    PAUSED = "PAUSED"


class Subscription(UUIDModel, TimestampedModel):
    """Subscription of a person, one for all providers (written by `billing.sync.projection`).

    A row without a period is on the free plan. The complimentary plan and the paid plan have
    separate fields, so that neither overwrites the other; `billing.plan_access` combines them.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscription"
    )
    plan = models.CharField(max_length=7, choices=Plan.choices, default=Plan.FREE)
    status = models.CharField(
        max_length=10, choices=SubscriptionStatus.choices, default=SubscriptionStatus.ACTIVE
    )
    provider = models.CharField(max_length=20, blank=True)
    provider_customer_id = models.CharField(max_length=100, blank=True)
    provider_subscription_id = models.CharField(max_length=100, blank=True)
    current_period_start = models.DateTimeField(null=True, blank=True)
    current_period_end = models.DateTimeField(null=True, blank=True)
    cancel_at_period_end = models.BooleanField(default=False)
    canceled_at = models.DateTimeField(null=True, blank=True)
    trial_ends_at = models.DateTimeField(null=True, blank=True)
    trial_used_at = models.DateTimeField(null=True, blank=True)  # once a person, never cleared
    # The plan of the next period, if it is cheaper than `plan`.
    next_plan = models.CharField(
        max_length=7, choices=Plan.choices, blank=True, default="", db_default=""
    )
    # The upgrade that begins once its difference is paid at `pay_url`.
    upgrade_plan = models.CharField(
        max_length=7, choices=Plan.choices, blank=True, default="", db_default=""
    )
    # Start of the oldest unpaid period. The grace period runs from here, once for a debt.
    past_due_since = models.DateTimeField(null=True, blank=True)
    pay_url = models.CharField(max_length=1000, blank=True)  # where the open bill is paid
    complimentary_plan = models.CharField(max_length=7, choices=Plan.choices, blank=True)
    complimentary_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_subscription_id"],
                condition=~models.Q(provider_subscription_id=""),
                name="provider_subscription_is_ours_once",
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_customer_id"],
                condition=~models.Q(provider_customer_id=""),
                name="provider_customer_is_one_person",
            ),
            models.CheckConstraint(
                condition=models.Q(current_period_end__gt=models.F("current_period_start")),
                name="period_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(plan__in=Plan.values), name="subscription_plan_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(complimentary_plan="", complimentary_until=None)
                | models.Q(complimentary_plan__in=["BASIC", "PREMIUM"])
                & models.Q(complimentary_until__isnull=False),
                name="complimentary_plan_has_an_end",
            ),
        ]
        indexes = [
            # The hourly search for periods that end soon.
            models.Index(
                fields=["current_period_end"],
                name="subscription_by_end",
                condition=models.Q(status__in=["ACTIVE", "TRIALING"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.plan} {self.status}"
