"""Complimentary plans, granted and revoked by staff, independent of a paid plan."""

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
    """Grant a plan without payment until a moment, in place of an earlier grant.

    Raises:
        InvalidInput: a moment in the past, or the free plan.
    """
    if plan == Plan.FREE or until <= timezone.now():
        raise InvalidInput("Choose Basic or Premium, and an end date in the future.")
    row, _ = Subscription.objects.select_for_update().get_or_create(user=user)
    return _give(row, plan=plan, until=until, reason=reason, action="subscription.grant")


@transaction.atomic
def subscription_end(user: User, *, reason: str = "") -> None:
    """Revoke the complimentary plan, if any. A paid plan stays."""
    row = Subscription.objects.select_for_update().filter(user=user).first()
    if row is not None and row.complimentary_plan:
        _give(row, plan=None, until=None, reason=reason, action="subscription.revoke")


def _give(
    row: Subscription, *, plan: Plan | None, until: datetime | None, reason: str, action: str
) -> Subscription:
    old = {"plan": row.complimentary_plan, "until": row.complimentary_until}
    row.complimentary_plan = plan or ""
    row.complimentary_until = until
    row.save(update_fields=["complimentary_plan", "complimentary_until", "updated_at"])
    plan_announce(row.user)
    new = {"plan": plan or "", "until": until}
    audit_write(action, row, old=old if old["plan"] else {}, new=new, reason=reason)
    return row
