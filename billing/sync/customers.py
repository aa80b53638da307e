"""Customers at the provider: creation, replacement of deleted ones, and updates."""

import time
from uuid import UUID

from django.db.models import Max

from accounts.models import User
from billing.models import DiscrepancyKind, ProviderEvent, Subscription
from billing.providers import provider
from billing.providers.base import CustomerGone
from billing.sync.apply import object_store
from billing.sync.discrepancies import discrepancy_note
from kushfilms.core.jobs import Running, job_enqueue, job_kind


def customer_make(user: User, *, replaces: str = "") -> str:
    """Create the person's customer at the provider and save its id.

    The idempotency key is the person and the replaced customer, so two clicks create one customer.
    """
    source = provider()
    at = time.time()
    made = source.customer_create(
        user_id=str(user.pk), email=user.email, name=user.name, replaces=replaces
    )
    rows = Subscription.objects.filter(user=user, provider_customer_id=replaces)
    rows.update(provider=source.name, provider_customer_id=made["id"])
    object_store(source.name, made, at=at)
    return str(made["id"])


def customer_replace(user: User, customer_id: str) -> str:
    """Give a person a new customer, because the provider no longer knows the old one.

    The old customer is stored as deleted. This ends its plan here, as the provider has ended it.
    """
    source = provider().name
    gone = {"id": customer_id, "object": "customer", "deleted": True}
    events = ProviderEvent.objects.filter(provider=source, object_id=customer_id)
    last = events.aggregate(last=Max("version_at"))["last"] or 0
    object_store(source, gone, at=max(time.time(), last + 1))
    detail = "The provider no longer knew this customer at a new purchase. It was replaced."
    discrepancy_note(
        source, DiscrepancyKind.CUSTOMER_GONE, customer_id, detail, customer_id=customer_id
    )
    return customer_make(user, replaces=customer_id)


def contact_update(user_id: UUID) -> None:
    """Enqueue an update of the customer's e-mail address. Several changes make one call."""
    if Subscription.objects.filter(user_id=user_id).exclude(provider_customer_id="").exists():
        job_enqueue("billing_contact", {"user": str(user_id)}, key=str(user_id))


@job_kind("billing_contact")
def contact_send(job: Running) -> None:
    """Send the present address, so that a retry after another change sends the newer one."""
    rows = Subscription.objects.filter(user_id=job.payload["user"], user__erased_at=None)
    row = rows.exclude(provider_customer_id="").select_related("user").first()
    if row is None:
        return
    try:
        provider().customer_update(
            row.provider_customer_id, email=row.user.email, name=row.user.name
        )
    except CustomerGone:
        return  # the next purchase creates a customer with the new address
