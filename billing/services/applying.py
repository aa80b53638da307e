"""A version from the inbox into mirror and projection: one short transaction, no network."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from billing.mirror import (
    MODELS,
    charge_customer,
    invoice_customer,
    mirror_lock,
    mirror_put,
)
from billing.models import Checkout, CheckoutState, EventState, ProviderEvent
from billing.projection.states import id_of
from billing.services.projecting import customer_project
from billing.versions import Object, Version, is_doubtful, newest
from kushfilms.core.jobs import job_enqueue

# What a provider changes twice in one second it tells us in that second; then we ask.
DOUBT_PAUSE = timedelta(seconds=2)
SAME_SECOND = 50


@transaction.atomic
def version_apply(event: ProviderEvent, data: Object) -> None:
    customer_id = _lock(event, data)
    versions = versions_of(event)
    now = newest(versions).object
    mirror_put(now)
    if now["object"] == "checkout.session":
        checkout_note(now)
    if is_doubtful(versions):
        asked = {"provider": event.provider, "kind": data["object"], "id": event.object_id}
        job_enqueue(
            "billing_fetch", asked, key=event.object_id, not_before=timezone.now() + DOUBT_PAUSE
        )
    if customer_id:
        customer_project(customer_id, provider=event.provider)
    event_done(event)


def checkout_note(session: Object) -> None:
    """What became of a page to pay on: one that was paid, or ran out, is not shown again."""
    states = {"complete": CheckoutState.DONE, "expired": CheckoutState.GONE}
    if state := states.get(str(session.get("status"))):
        Checkout.objects.filter(provider_session_id=session["id"]).update(state=state)


def _lock(event: ProviderEvent, data: Object) -> str:
    """Lock and return the customer.

    A refund and a dispute name only their charge, an `invoice_payment` only its invoice. That is
    locked before the customer, always in this order: what names only the charge must not miss a
    charge that is being written.
    """
    kind, customer_id = data["object"], event.customer_id
    if kind in {"charge", "refund", "dispute"}:
        charge_id = event.object_id if kind == "charge" else id_of(data.get("charge"))
        if charge_id:
            mirror_lock(charge_id)
        customer_id = customer_id or charge_customer(charge_id)
    if kind in {"invoice", "invoice_payment"}:
        invoice_id = event.object_id if kind == "invoice" else id_of(data.get("invoice"))
        mirror_lock(invoice_id)
        customer_id = customer_id or invoice_customer(invoice_id)
    mirror_lock(customer_id or event.object_id)
    return customer_id


def versions_of(event: ProviderEvent) -> list[Version]:
    """Of this object, those of its last second: older ones cannot count."""
    rows = ProviderEvent.objects.filter(provider=event.provider, object_id=event.object_id)
    last = list(rows.order_by("-version_at")[:SAME_SECOND])
    return [
        Version(at=row.version_at, fetched=row.fetched, id=row.event_id, object=data)
        for row in last
        if row.version_at == last[0].version_at and (data := object_of(row)) is not None
    ]


def object_of(event: ProviderEvent) -> Object | None:
    """What the event is about, where it is something we keep."""
    data = event.payload["data"]["object"]
    known = isinstance(data, dict) and data.get("object") in MODELS and data.get("id")
    return data if known else None


def event_done(event: ProviderEvent) -> None:
    done = {"state": EventState.DONE, "last_error": "", "processed_at": timezone.now()}
    ProviderEvent.objects.filter(pk=event.pk).update(**done)
