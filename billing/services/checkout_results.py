"""Outcomes of checkout pages."""

import time
from uuid import UUID

from billing.models import Checkout
from billing.providers import provider
from billing.sync.apply import checkout_record_outcome, object_fetch, object_store
from kushfilms.core.errors import NotFound
from kushfilms.core.jobs import Running, job_enqueue, job_kind


def checkout_get(user_id: UUID, session_id: str) -> Checkout:
    """Return a person's checkout by the provider's session.

    Raises:
        NotFound: no such checkout, or a checkout of another person.
    """
    own_checkouts = Checkout.objects.filter(user_id=user_id, provider_session_id=session_id)
    checkout = own_checkouts.first() if session_id else None
    if checkout is None:
        raise NotFound("There is no such checkout.")
    return checkout


def checkout_check(checkout: Checkout) -> None:
    """Enqueue a query of the provider about this checkout. Repeated clicks make one job."""
    job_enqueue("billing_checkout", {"checkout": str(checkout.pk)}, key=f"now:{checkout.pk}")


@job_kind("billing_checkout")
def checkout_sync(job: Running) -> None:
    """Fetch the outcome of a checkout; if it was paid, store all objects of its customer."""
    checkout = Checkout.objects.filter(pk=job.payload["checkout"]).first()
    if checkout is None or not checkout.provider_session_id:
        return
    source = provider()
    session = source.fetch("checkout.session", checkout.provider_session_id)
    if session.get("status") == "complete" and session.get("subscription"):
        object_fetch(source.name, kind="subscription", object_id=str(session["subscription"]))
        at = time.time()
        for data in source.everything_of(str(session["customer"])):
            object_store(source.name, data, at=at)
    checkout_record_outcome(session)
