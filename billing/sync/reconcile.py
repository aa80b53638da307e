"""Comparing with the provider, and making our rows again from the inbox."""

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
from billing.sync.apply import object_keep
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
def reconcile(job: Running) -> None:
    """Every customer of ours, a few at a time under the lease; `after` is how far it got."""
    source = provider()
    _compare_prices(source.name)
    after = str(job.payload.get("after", ""))
    for customer_id in _customers(after=after):
        _reconcile_or_note(customer_id, source=source.name)
        job.checkpoint(after=customer_id)


def _customers(*, after: str = "") -> Iterator[str]:
    rows = Subscription.objects.filter(provider_customer_id__gt=after)
    ids = rows.order_by("provider_customer_id").values_list("provider_customer_id", flat=True)
    yield from ids.iterator(chunk_size=BATCH)


def _reconcile_or_note(customer_id: str, *, source: str) -> None:
    """One customer that is gone must not end the night for all others."""
    try:
        customer_reconcile(customer_id, source=source)
    except CustomerGone:
        said = "The provider does not know this customer. Buying again makes a new one."
        discrepancy_note(
            source, DiscrepancyKind.CUSTOMER_GONE, customer_id, said, customer_id=customer_id
        )


def customer_reconcile(customer_id: str, *, source: str) -> int:
    """Take over what no event has brought, and note each as a difference; return how many.

    Raises CustomerGone.
    """
    at, missed = time.time(), 0
    for data in provider_named(source).everything_of(customer_id):
        if object_keep(source, data, at=at):
            missed += 1
            said = f"{data['object']} is {data.get('status')}: no event had said it. Taken over."
            discrepancy_note(
                source, DiscrepancyKind.MISSED, data["id"], said, customer_id=customer_id
            )
    return missed


def _compare_prices(source: str) -> None:
    """In the provider's own units: should Stripe ever count UGX in whole shillings after all, a
    price of 11000 there is not the 1100000 that we expect, and staff see it the next morning.
    """
    there = provider_named(source)
    for plan, price_id, amount, currency in there.prices():
        ours, sold_in = settings.PLAN_PRICES[plan], settings.PLAN_CURRENCY
        expected = there.units(ours, sold_in)
        if (amount, currency) != (expected, sold_in):
            said = (
                f"{plan} costs {amount} {currency} in the provider's units, where we expect "
                f"{expected} {sold_in} for {money_text(ours, sold_in)}."
            )
            discrepancy_note(source, DiscrepancyKind.CURRENCY, price_id, said)


def reconcile_all() -> None:
    """Have it done; one at a time."""
    job_enqueue("billing_reconcile", {}, key="all")


@transaction.atomic
def discrepancy_repair(row: Discrepancy) -> None:
    """Have the provider asked about this customer once more, and our rows made anew."""
    row.resolved_at = timezone.now()
    row.save(update_fields=["resolved_at"])
    if row.customer_id:
        payload = {"customer": row.customer_id, "provider": row.provider}
        job_enqueue("billing_repair", payload, key=row.customer_id)
    audit_write("discrepancy.repair", row, new={"kind": row.kind, "object": row.object_id})


@job_kind("billing_repair")
def repair(job: Running) -> None:
    customer_id, source = job.payload["customer"], job.payload["provider"]
    _reconcile_or_note(customer_id, source=source)
    customer_rebuild(customer_id, source=source, quiet=False)


@transaction.atomic
def customer_rebuild(customer_id: str, *, source: str, quiet: bool = True) -> None:
    """The mirror from the inbox, then our rows from the mirror. Again is the same."""
    mirror_lock(customer_id)
    for event in _last_of_each(customer_id, source):
        mirror_put(newest(versions_of(event)).object)
    customer_project(customer_id, provider=source, quiet=quiet)


def _last_of_each(customer_id: str, source: str) -> Iterator[ProviderEvent]:
    """An event of every object: the customer's own, then what names only a charge or an invoice."""
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


def customers_known() -> Iterator[str]:
    """Yield every customer that an event names."""
    ids = ProviderEvent.objects.exclude(customer_id="").order_by("customer_id")
    yield from ids.values_list("customer_id", flat=True).distinct().iterator(chunk_size=BATCH)
