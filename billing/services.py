"""What changes a person's plan."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.principal import principals_forget
from accounts.services.audit import audit_write
from billing.events import PlanChanged
from billing.models import Plan, Subscription, SubscriptionStatus
from kushfilms.core.events import emit

COMPLIMENTARY = "complimentary"


@transaction.atomic
def subscription_grant(user: User, *, plan: Plan, until: datetime) -> Subscription:
    """Give a plan without payment, until a moment; replaces what the person held."""
    before = Subscription.objects.select_for_update().filter(user=user).first()
    old = {"plan": before.plan, "until": before.current_period_end} if before else {}
    subscription, _ = Subscription.objects.update_or_create(
        user=user,
        defaults={
            "plan": plan,
            "status": SubscriptionStatus.ACTIVE,
            "provider": COMPLIMENTARY,
            "current_period_start": timezone.now(),
            "current_period_end": until,
        },
    )
    _announce(user)
    audit_write("subscription.grant", subscription, old=old, new={"plan": plan, "until": until})
    return subscription


@transaction.atomic
def subscription_end(user: User) -> None:
    """End a person's plan now; a no-op without one."""
    Subscription.objects.filter(user=user).update(
        status=SubscriptionStatus.CANCELED, canceled_at=timezone.now()
    )
    _announce(user)


def _announce(user: User) -> None:
    principals_forget(user=user)
    emit(PlanChanged(user_id=user.pk))
