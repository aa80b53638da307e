"""The inbox of webhooks: stored first, made something of afterwards, by a job.

An event is one version of one object. The job puts the newest version the inbox holds into the
mirror and projects the customer, in one short transaction without network; so an event that comes
twice, late, a year old or after a crash ends in the same rows.
"""

import hashlib
import json
import time

from django.db import IntegrityError, transaction

from accounts.services.audit import audit_write
from billing.mirror import MODELS
from billing.models import EventState, ProviderEvent
from billing.projection.states import id_of
from billing.providers import provider, provider_named
from billing.providers.base import Incoming
from billing.services.applying import event_done, object_of, version_apply
from billing.versions import Object
from kushfilms.core.jobs import GiveUp, Payload, Running, job_enqueue, job_kind

NEW_IN_EVERY_ANSWER = ("hosted_invoice_url", "invoice_pdf", "receipt_url")


def event_receive(body: bytes, *, signature: str) -> bool:
    """Keep an event; whether it is new. Raises BadSignature, InvalidInput."""
    source = provider()
    return event_store(source.event_read(body, signature=signature), source=source.name)


def event_store(incoming: Incoming, *, source: str) -> bool:
    try:
        with transaction.atomic():
            event = _row(incoming, source=source)
            event.save(force_insert=True)
            job_enqueue("billing_event", {"event": str(event.pk)})
    except IntegrityError:
        return False  # they sent it again
    return True


def _row(incoming: Incoming, *, source: str) -> ProviderEvent:
    data = incoming.object
    mine = data.get("id") if data.get("object") == "customer" else data.get("customer")
    return ProviderEvent(
        provider=source,
        event_id=incoming.event_id,
        type=incoming.type,
        object_id=id_of(data.get("id"))[:100],
        customer_id=id_of(mine)[:100],
        version_at=incoming.at,
        fetched=incoming.fetched,
        payload=dict(incoming.payload),
    )


def _failed(payload: Payload) -> None:
    said = "Gave up. Look at the job of the same time, then try again."
    rows = ProviderEvent.objects.filter(pk=payload["event"], last_error="")
    rows.update(last_error=said)
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


@transaction.atomic
def event_retry(event: ProviderEvent) -> bool:
    """By staff. False for one that is done."""
    rows = ProviderEvent.objects.filter(pk=event.pk).exclude(state=EventState.DONE)
    if not rows.update(state=EventState.RECEIVED, last_error=""):
        return False
    job_enqueue("billing_event", {"event": str(event.pk)}, key=f"again:{event.pk}")
    audit_write("providerevent.retry", event)
    return True


def event_apply(event: ProviderEvent) -> None:
    """Bring mirror and projection to what the inbox now says. Harmless twice."""
    data = object_of(event)
    if data is None:
        event_done(event)
    elif not event.fetched and not _usable(event):
        object_fetch(event.provider, kind=data["object"], object_id=event.object_id)
        event_done(event)
    else:
        version_apply(event, data)


def _usable(event: ProviderEvent) -> bool:
    from djstripe.settings import djstripe_settings

    return bool(event.payload.get("api_version") == djstripe_settings.STRIPE_API_VERSION)


def object_keep(source: str, data: Object, *, at: float) -> bool:
    """An object we were told in an answer, as of `at`; whether it says anything new."""
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:20]
    incoming = Incoming(
        event_id=f"fetched:{at:017.6f}:{data['id'][:60]}:{digest}",  # sorts by our clock
        type=f"{data['object']}.fetched",
        at=int(at),
        object=data,
        payload={"data": {"object": data}},
        fetched=True,
    )
    event = _row(incoming, source=source)
    known = MODELS[data["object"]].objects.filter(id=data["id"]).first()
    if known is not None and _plain(known.stripe_data) == _plain(data):
        return False
    with transaction.atomic():
        ProviderEvent.objects.bulk_create([event], ignore_conflicts=True)
        kept = ProviderEvent.objects.get(provider=source, event_id=event.event_id)
        version_apply(kept, data)
    return True


def _plain(data: Object) -> Object:
    """Return an object without the addresses that Stripe signs again for every answer."""
    return {name: value for name, value in data.items() if name not in NEW_IN_EVERY_ANSWER}


def object_fetch(source: str, *, kind: str, object_id: str) -> None:
    """Ask the provider what an object is now. The clock is read first: what is told after that
    second is newer.
    """
    at = time.time()
    object_keep(source, provider_named(source).fetch(kind, object_id), at=at)


@job_kind("billing_fetch")
def fetch(job: Running) -> None:
    object_fetch(job.payload["provider"], kind=job.payload["kind"], object_id=job.payload["id"])
