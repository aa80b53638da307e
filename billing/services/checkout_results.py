"""What became of a page to pay on."""

import time
from uuid import UUID

from billing.models import Checkout
from billing.providers import provider
from billing.sync.apply import checkout_note, object_fetch, object_keep
from kushfilms.core.errors import NotFound
from kushfilms.core.jobs import Running, job_enqueue, job_kind


def checkout_get(user_id: UUID, session_id: str) -> Checkout:
    """Raises NotFound, also for another person's."""
    mine = Checkout.objects.filter(user_id=user_id, provider_session_id=session_id)
    found = mine.first() if session_id else None
    if found is None:
        raise NotFound("There is no such checkout.")
    return found


def checkout_check(checkout: Checkout) -> None:
    """ "I have paid": have the provider asked, now. Many clicks are one question."""
    job_enqueue("billing_checkout", {"checkout": str(checkout.pk)}, key=f"now:{checkout.pk}")


@job_kind("billing_checkout")
def checkout_look(job: Running) -> None:
    """Ask what became of a checkout; if it was paid, bring in all that came of it."""
    checkout = Checkout.objects.filter(pk=job.payload["checkout"]).first()
    if checkout is None or not checkout.provider_session_id:
        return
    source = provider()
    session = source.fetch("checkout.session", checkout.provider_session_id)
    if session.get("status") == "complete" and session.get("subscription"):
        object_fetch(source.name, kind="subscription", object_id=str(session["subscription"]))
        at = time.time()
        for data in source.everything_of(str(session["customer"])):
            object_keep(source.name, data, at=at)
    checkout_note(session)
