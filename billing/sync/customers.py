"""Customers at the provider: made, replaced when the provider lost them, and kept up to date."""

import time
from uuid import UUID

from django.db.models import Max

from accounts.models import User
from billing.models import DiscrepancyKind, ProviderEvent, Subscription
from billing.providers import provider
from billing.providers.base import CustomerGone
from billing.sync.apply import object_keep
from billing.sync.discrepancies import discrepancy_note
from kushfilms.core.jobs import Running, job_enqueue, job_kind


def customer_make(user: User, *, replaces: str = "") -> str:
    """Create the person's customer at the provider and keep its id.

    The idempotency key is the person and the customer that is replaced, so two clicks are one.
    """
    source, at = provider(), time.time()
    made = source.customer_create(
        user_id=str(user.pk), email=user.email, name=user.name, replaces=replaces
    )
    rows = Subscription.objects.filter(user=user, provider_customer_id=replaces)
    rows.update(provider=source.name, provider_customer_id=made["id"])
    object_keep(source.name, made, at=at)
    return str(made["id"])


def customer_replace(user: User, customer_id: str) -> str:
    """Give a person a new customer: the provider knows the old one no longer.

    The old one is kept as deleted, which ends the plan it had, as the provider has ended it.
    """
    source, gone = provider().name, {"id": customer_id, "object": "customer", "deleted": True}
    known = ProviderEvent.objects.filter(provider=source, object_id=customer_id)
    last = known.aggregate(last=Max("version_at"))["last"] or 0
    object_keep(source, gone, at=max(time.time(), last + 1))
    said = "The provider did not know this customer when the person bought again. Replaced."
    discrepancy_note(
        source, DiscrepancyKind.CUSTOMER_GONE, customer_id, said, customer_id=customer_id
    )
    return customer_make(user, replaces=customer_id)


def contact_follows(user_id: UUID) -> None:
    """Send a person's new e-mail address to the provider. Many changes are one call."""
    if Subscription.objects.filter(user_id=user_id).exclude(provider_customer_id="").exists():
        job_enqueue("billing_contact", {"user": str(user_id)}, key=str(user_id))


@job_kind("billing_contact")
def contact_send(job: Running) -> None:
    """Send the address as it is now: a retry after another change sends the newer one."""
    rows = Subscription.objects.filter(user_id=job.payload["user"], user__erased_at=None)
    row = rows.exclude(provider_customer_id="").select_related("user").first()
    if row is None:
        return
    try:
        provider().customer_update(
            row.provider_customer_id, email=row.user.email, name=row.user.name
        )
    except CustomerGone:
        return  # the next purchase makes a customer with the new address
