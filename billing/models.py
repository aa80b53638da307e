"""Plans and who holds one."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from kushfilms.core.models import TimestampedModel, UUIDModel


class Plan(models.TextChoices):
    """In order: a film of one level opens to every plan at or above it."""

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


class Subscription(UUIDModel, TimestampedModel):
    """The one subscription of a person, whoever the provider is."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscription"
    )
    plan = models.CharField(max_length=7, choices=Plan.choices)
    status = models.CharField(max_length=10, choices=SubscriptionStatus.choices)
    provider = models.CharField(max_length=20, blank=True)
    provider_customer_id = models.CharField(max_length=100, blank=True)
    provider_subscription_id = models.CharField(max_length=100, blank=True)
    current_period_start = models.DateTimeField(default=timezone.now)
    current_period_end = models.DateTimeField()
    cancel_at_period_end = models.BooleanField(default=False)
    canceled_at = models.DateTimeField(null=True, blank=True)
    trial_ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_subscription_id"],
                condition=~models.Q(provider_subscription_id=""),
                name="provider_subscription_is_ours_once",
            ),
            models.CheckConstraint(
                condition=models.Q(current_period_end__gt=models.F("current_period_start")),
                name="period_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(plan__in=Plan.values), name="subscription_plan_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} of {self.user_id}"
