"""Reconciliation with the provider, and the rebuild of our rows from the inbox."""

import time
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.services.audit import audit_write
from billing.models import Discrepancy, DiscrepancyKind, ProviderEvent, Subscription
from billing.providers import provider, provider_named
from billing.providers.base import CustomerGone
from billing.sync.apply import object_store
from billing.sync.discrepancies import discrepancy_note
from billing.sync.inbox import object_of, versions_of
from billing.sync.mirror import mirror_lock, mirror_put
from billing.sync.versions import newest
from billing.sync.write_rows import customer_project
from kushfilms.core.currencies import money_text
from kushfilms.core.jobs import Running, job_enqueue, job_kind
from kushfilms.core.models import JobLane

BATCH = 200


@job_kind("billing_reconcile", lane=JobLane.LONG)
def customers_reconcile(job: Running) -> None:
    """Reconcile every customer, saving the last one as checkpoint `after` under the lease."""
    source = provider()
    _compare_prices(source.name)
    after = str(job.payload.get("after", ""))
    rows = Subscription.objects.filter(provider_customer_id__gt=after)
    ids = rows.order_by("provider_customer_id").values_list("provider_customer_id", flat=True)
    for customer_id in ids.iterator(chunk_size=BATCH):
        _reconcile_or_note(customer_id, source=source.name)
        job.checkpoint(after=customer_id)


def _reconcile_or_note(customer_id: str, *, source: str) -> None:
    """Reconcile a customer; record a deleted one, so that it does not stop the job."""
    try:
        customer_reconcile(customer_id, source=source)
    except CustomerGone:
        detail = "The provider does not know this customer. A new purchase creates a new one."
        discrepancy_note(
            source, DiscrepancyKind.CUSTOMER_GONE, customer_id, detail, customer_id=customer_id
        )


def customer_reconcile(customer_id: str, *, source: str) -> int:
    """Store objects that no event has brought, record each as missed, and return their number.

    Raises:
        CustomerGone: the provider has deleted the customer.
    """
    at = time.time()
    missed = 0
    for data in provider_named(source).everything_of(customer_id):
        if object_store(source, data, at=at):
            missed += 1
            detail = f"{data['object']} is {data.get('status')}. No event had arrived; updated."
            discrepancy_note(
                source, DiscrepancyKind.MISSED, data["id"], detail, customer_id=customer_id
            )
    return missed


def _compare_prices(source: str) -> None:
    """Compare prices in the provider's own units, and record every difference.

    If Stripe ever counts UGX in whole shillings, a price of 11000 there differs from the 1100000
    that we expect, and staff see it the next morning.
    """
    price_source = provider_named(source)
    for plan, price_id, amount, currency in price_source.prices():
        ours = settings.PLAN_PRICES[plan]
        sold_in = settings.PLAN_CURRENCY
        expected = price_source.units(ours, sold_in)
        if (amount, currency) != (expected, sold_in):
            detail = (
                f"{plan} costs {amount} {currency} in the provider's units. We expect "
                f"{expected} {sold_in} for {money_text(ours, sold_in)}."
            )
            discrepancy_note(source, DiscrepancyKind.CURRENCY, price_id, detail)


def reconcile_all() -> None:
    """Enqueue the reconciliation of all customers, one at a time."""
    job_enqueue("billing_reconcile", {}, key="all")


@transaction.atomic
def discrepancy_repair(row: Discrepancy) -> None:
    """Resolve a difference, and enqueue reconciliation and rebuild of its customer."""
    row.resolved_at = timezone.now()
    row.save(update_fields=["resolved_at"])
    if row.customer_id:
        payload = {"customer": row.customer_id, "provider": row.provider}
        job_enqueue("billing_repair", payload, key=row.customer_id)
    audit_write("discrepancy.repair", row, new={"kind": row.kind, "object": row.object_id})


@job_kind("billing_repair")
def customer_repair(job: Running) -> None:
    customer_id = job.payload["customer"]
    source = job.payload["provider"]
    _reconcile_or_note(customer_id, source=source)
    customer_rebuild(customer_id, source=source, quiet=False)


@transaction.atomic
def customer_rebuild(customer_id: str, *, source: str, quiet: bool = True) -> None:
    """Rebuild the mirror from the inbox, then our rows from the mirror. Idempotent."""
    mirror_lock(customer_id)
    for event in _last_of_each(customer_id, source):
        mirror_put(newest(versions_of(event)).object)
    customer_project(customer_id, provider=source, quiet=quiet)


def _last_of_each(customer_id: str, source: str) -> Iterator[ProviderEvent]:
    """Yield one event of every object of a customer.

    The objects that name the customer come first, then those that name only a charge or invoice.
    """
    rows = ProviderEvent.objects.filter(provider=source).order_by("object_id", "-version_at")
    ids: dict[str, list[str]] = {"charge": [], "invoice": []}
    for event in rows.filter(customer_id=customer_id).distinct("object_id"):
        data = object_of(event)
        if data is not None:
            ids.setdefault(data["object"], []).append(event.object_id)
            yield event
    nameless = rows.filter(customer_id="")
    about = Q(payload__data__object__charge__in=ids["charge"])
    about |= Q(payload__data__object__invoice__in=ids["invoice"])
    for event in nameless.filter(about).distinct("object_id"):
        if object_of(event) is not None:
            yield event


def customer_ids_in_inbox() -> Iterator[str]:
    """Yield every customer that an event names."""
    ids = ProviderEvent.objects.exclude(customer_id="").order_by("customer_id")
    yield from ids.values_list("customer_id", flat=True).distinct().iterator(chunk_size=BATCH)
