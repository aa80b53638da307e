"""Asking the provider what it has, and finding where we differ; and making everything anew."""

import time
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.services.audit import audit_write
from billing.mirror import mirror_lock, mirror_put
from billing.models import Discrepancy, DiscrepancyKind, ProviderEvent, Subscription
from billing.projection.states import id_of
from billing.providers import provider, provider_named
from billing.services.applying import object_of, versions_of
from billing.services.inbox import object_keep
from billing.services.projecting import customer_project
from billing.versions import newest
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
        customer_reconcile(customer_id, source=source.name)
        job.checkpoint(after=customer_id)


def _customers(*, after: str = "") -> Iterator[str]:
    rows = Subscription.objects.filter(provider_customer_id__gt=after)
    ids = rows.order_by("provider_customer_id").values_list("provider_customer_id", flat=True)
    yield from ids.iterator(chunk_size=BATCH)


def customer_reconcile(customer_id: str, *, source: str) -> int:
    """Take over whatever no event told us, and note each as a difference; how many."""
    at, missed = time.time(), 0
    for data in provider_named(source).everything_of(customer_id):
        if object_keep(source, data, at=at):
            missed += 1
            _note(
                source,
                DiscrepancyKind.MISSED,
                data["id"],
                f"{data['object']} is {data.get('status')}, and no event had told us; taken over.",
                customer_id=customer_id,
            )
    return missed


def _compare_prices(source: str) -> None:
    for plan, price_id, amount, currency in provider_named(source).prices():
        ours = settings.PLAN_PRICES[plan]
        if (amount, currency) != (ours, settings.PLAN_CURRENCY):
            said = f"{plan} costs {amount} {currency} there, and {ours} on our page."
            _note(source, DiscrepancyKind.CURRENCY, price_id, said)


def _note(
    source: str, kind: DiscrepancyKind, object_id: str, said: str, *, customer_id: str = ""
) -> None:
    row = Discrepancy(
        provider=source, kind=kind, object_id=object_id, customer_id=customer_id, detail=said[:500]
    )
    Discrepancy.objects.bulk_create([row], ignore_conflicts=True)


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
    customer_reconcile(customer_id, source=source)
    customer_rebuild(customer_id, source=source, quiet=False)


@transaction.atomic
def customer_rebuild(customer_id: str, *, source: str, quiet: bool = True) -> None:
    """The mirror from the inbox, then our rows from the mirror. Again is the same."""
    mirror_lock(customer_id)
    for event in _last_of_each(customer_id, source):
        mirror_put(newest(versions_of(event)).object)
    customer_project(customer_id, provider=source, quiet=quiet)


def _last_of_each(customer_id: str, source: str) -> Iterator[ProviderEvent]:
    """An event of every object: the customer's own, then what names only a charge of theirs."""
    rows = ProviderEvent.objects.filter(provider=source).order_by("object_id", "-version_at")
    charges = []
    for event in rows.filter(customer_id=customer_id).distinct("object_id"):
        data = object_of(event)
        if data is not None:
            charges += [event.object_id] if data["object"] == "charge" else []
            yield event
    about = rows.filter(customer_id="", payload__data__object__charge__in=charges)
    for event in about.distinct("object_id"):
        if object_of(event) is not None and id_of(event.payload["data"]["object"].get("charge")):
            yield event


def customers_known() -> Iterator[str]:
    """Everybody an event or a row of ours names."""
    ids = ProviderEvent.objects.exclude(customer_id="").order_by("customer_id")
    yield from ids.values_list("customer_id", flat=True).distinct().iterator(chunk_size=BATCH)
