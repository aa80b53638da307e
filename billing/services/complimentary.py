"""Access that staff give and take back, beside whatever is paid for."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.audit import audit_write
from billing.models import Plan, Subscription
from billing.sync.announce import plan_announce
from kushfilms.core.errors import InvalidInput


@transaction.atomic
def subscription_grant(
    user: User, *, plan: Plan, until: datetime, reason: str = ""
) -> Subscription:
    """Give a plan without payment, until a moment; replaces what was given before.

    Raises:
        InvalidInput: for a moment that has passed, and for the free plan.
    """
    if plan == Plan.FREE or until <= timezone.now():
        raise InvalidInput("Give Basic or Premium, until a day that is still to come.")
    row, _ = Subscription.objects.select_for_update().get_or_create(user=user)
    return _give(row, plan=plan, until=until, reason=reason, action="subscription.grant")


@transaction.atomic
def subscription_end(user: User, *, reason: str = "") -> None:
    """Take back what was given; a no-op without it. What is paid for stays."""
    row = Subscription.objects.select_for_update().filter(user=user).first()
    if row is not None and row.complimentary_plan:
        _give(row, plan=None, until=None, reason=reason, action="subscription.revoke")


def _give(
    row: Subscription, *, plan: Plan | None, until: datetime | None, reason: str, action: str
) -> Subscription:
    old = {"plan": row.complimentary_plan, "until": row.complimentary_until}
    row.complimentary_plan, row.complimentary_until = plan or "", until
    row.save(update_fields=["complimentary_plan", "complimentary_until", "updated_at"])
    plan_announce(row.user)
    new = {"plan": plan or "", "until": until}
    audit_write(action, row, old=old if old["plan"] else {}, new=new, reason=reason)
    return row
