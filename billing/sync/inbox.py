"""Inbox of webhooks: events are stored first and applied afterwards by a job.

An event is one version of one object. The job puts the newest version in the inbox into the mirror
and projects the customer, in one short transaction without network. So an event that arrives twice,
late, a year old or after a crash leads to the same rows.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.services.audit import audit_write
from billing.models import EventState, ProviderEvent
from billing.providers import provider
from billing.providers.base import Incoming
from billing.sync.mirror import MODELS
from billing.sync.projection.states import id_of
from billing.sync.versions import Object, Version
from kushfilms.core.jobs import job_enqueue

# At most this many versions of one object share a second.
SAME_SECOND = 50


def event_receive(body: bytes, *, signature: str) -> bool:
    """Store an event; return whether it is new.

    Raises:
        BadSignature: not signed by the provider, or too old.
        InvalidInput: not an event.
    """
    source = provider()
    return event_store(source.event_read(body, signature=signature), source=source.name)


def event_store(incoming: Incoming, *, source: str) -> bool:
    try:
        with transaction.atomic():
            event = event_row(incoming, source=source)
            event.save(force_insert=True)
            job_enqueue("billing_event", {"event": str(event.pk)})
    except IntegrityError:
        return False  # sent again by the provider
    return True


def event_row(incoming: Incoming, *, source: str) -> ProviderEvent:
    data = incoming.object
    customer = data.get("id") if data.get("object") == "customer" else data.get("customer")
    return ProviderEvent(
        provider=source,
        event_id=incoming.event_id,
        type=incoming.type,
        object_id=id_of(data.get("id"))[:100],
        customer_id=id_of(customer)[:100],
        version_at=incoming.at,
        fetched=incoming.fetched,
        payload=dict(incoming.payload),
    )


@transaction.atomic
def event_retry(event: ProviderEvent) -> bool:
    """Apply an event again on behalf of staff; return False for one that is done."""
    rows = ProviderEvent.objects.filter(pk=event.pk).exclude(state=EventState.DONE)
    if not rows.update(state=EventState.RECEIVED, last_error=""):
        return False
    job_enqueue("billing_event", {"event": str(event.pk)}, key=f"again:{event.pk}")
    audit_write("providerevent.retry", event)
    return True


def versions_of(event: ProviderEvent) -> list[Version]:
    """Return the versions of the event's object from its last second. Older ones cannot count."""
    rows = ProviderEvent.objects.filter(provider=event.provider, object_id=event.object_id)
    last = list(rows.order_by("-version_at")[:SAME_SECOND])
    return [
        Version(at=row.version_at, fetched=row.fetched, id=row.event_id, object=data)
        for row in last
        if row.version_at == last[0].version_at and (data := object_of(row)) is not None
    ]


def object_of(event: ProviderEvent) -> Object | None:
    """Return the event's object, or None for a kind without a mirror table."""
    data = event.payload["data"]["object"]
    is_mirrored = isinstance(data, dict) and data.get("object") in MODELS and data.get("id")
    return data if is_mirrored else None


def event_done(event: ProviderEvent) -> None:
    done = {"state": EventState.DONE, "last_error": "", "processed_at": timezone.now()}
    ProviderEvent.objects.filter(pk=event.pk).update(**done)
