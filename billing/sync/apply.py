"""Application of inbox events: mirror and projection, in one short transaction without network."""

import hashlib
import json
import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from billing.models import Checkout, CheckoutState, EventState, ProviderEvent
from billing.providers import provider_named
from billing.providers.base import Incoming
from billing.sync.inbox import event_done, event_row, object_of, versions_of
from billing.sync.mirror import (
    MODELS,
    charge_customer,
    invoice_customer,
    mirror_lock,
    mirror_put,
)
from billing.sync.projection.states import id_of
from billing.sync.versions import Object, is_doubtful, newest
from billing.sync.write_rows import customer_project
from kushfilms.core.jobs import GiveUp, Payload, Running, job_enqueue, job_kind

# Two changes within one second send their events within that second. The object is fetched after
# this pause, when both have happened.
DOUBT_PAUSE = timedelta(seconds=2)
NEW_IN_EVERY_ANSWER = ("hosted_invoice_url", "invoice_pdf", "receipt_url")


def _failed(payload: Payload) -> None:
    error = "Gave up. Read the error of the job of the same time, then try again."
    rows = ProviderEvent.objects.filter(pk=payload["event"], last_error="")
    rows.update(last_error=error)
    ProviderEvent.objects.filter(pk=payload["event"]).update(state=EventState.FAILED)


@job_kind("billing_event", given_up=_failed)
def event_process(job: Running) -> None:
    event = ProviderEvent.objects.filter(pk=job.payload["event"]).first()
    if event is None or event.state == EventState.DONE:
        return
    try:
        event_apply(event)
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        error = f"{type(exc).__name__}: {exc}"[:500]
        ProviderEvent.objects.filter(pk=event.pk).update(last_error=error)
        raise GiveUp(f"{event} cannot be read: {error}") from exc


def event_apply(event: ProviderEvent) -> None:
    """Bring mirror and projection in line with the inbox. Idempotent."""
    from djstripe.settings import djstripe_settings

    data = object_of(event)
    if data is None:
        event_done(event)
        return
    # An object in the shape of another API version is fetched again in that of ours.
    is_our_version = event.payload.get("api_version") == djstripe_settings.STRIPE_API_VERSION
    if event.fetched or is_our_version:
        version_apply(event, data)
    else:
        object_fetch(event.provider, kind=data["object"], object_id=event.object_id)
        event_done(event)


def object_store(source: str, data: Object, *, at: float) -> bool:
    """Store an object from an API answer, as of `at`; return whether it differs from the mirror."""
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:20]
    incoming = Incoming(
        # Ids of fetched versions sort by our clock.
        event_id=f"fetched:{at:017.6f}:{data['id'][:60]}:{digest}",
        type=f"{data['object']}.fetched",
        at=int(at),
        object=data,
        payload={"data": {"object": data}},
        fetched=True,
    )
    event = event_row(incoming, source=source)
    mirrored = MODELS[data["object"]].objects.filter(id=data["id"]).first()
    if mirrored is not None and _comparable(mirrored.stripe_data) == _comparable(data):
        return False
    with transaction.atomic():
        ProviderEvent.objects.bulk_create([event], ignore_conflicts=True)
        stored = ProviderEvent.objects.get(provider=source, event_id=event.event_id)
        version_apply(stored, data)
    return True


def _comparable(data: Object) -> Object:
    """Return an object without the URLs that Stripe signs again for every answer."""
    return {name: value for name, value in data.items() if name not in NEW_IN_EVERY_ANSWER}


def object_fetch(source: str, *, kind: str, object_id: str) -> None:
    """Fetch an object from the provider and store it.

    The clock is read before the call, because an event of a later second must count as newer.
    """
    at = time.time()
    object_store(source, provider_named(source).fetch(kind, object_id), at=at)


@job_kind("billing_fetch")
def object_refetch(job: Running) -> None:
    object_fetch(job.payload["provider"], kind=job.payload["kind"], object_id=job.payload["id"])


@transaction.atomic
def version_apply(event: ProviderEvent, data: Object) -> None:
    customer_id = _lock(event, data)
    versions = versions_of(event)
    current = newest(versions).object
    mirror_put(current)
    if current["object"] == "checkout.session":
        checkout_record_outcome(current)
    if is_doubtful(versions):
        payload = {"provider": event.provider, "kind": data["object"], "id": event.object_id}
        job_enqueue(
            "billing_fetch", payload, key=event.object_id, not_before=timezone.now() + DOUBT_PAUSE
        )
    if customer_id:
        customer_project(customer_id, provider=event.provider)
    event_done(event)


def checkout_record_outcome(session: Object) -> None:
    """Record that a payment page was paid or has expired, so that it is not offered again."""
    states = {"complete": CheckoutState.DONE, "expired": CheckoutState.GONE}
    if state := states.get(str(session.get("status"))):
        Checkout.objects.filter(provider_session_id=session["id"]).update(state=state)


def _lock(event: ProviderEvent, data: Object) -> str:
    """Lock and return the customer.

    A refund and a dispute name only their charge, an `invoice_payment` only its invoice. The charge
    or invoice is locked before the customer, always in this order, so that a refund cannot miss a
    charge that another transaction is writing.
    """
    kind = data["object"]
    customer_id = event.customer_id
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
