"""Which bill of which subscription a charge is for.

The provider says it by an `invoice_payment`, which `billing.sync.mirror` reads into the charge as
`invoice`. Until that has come, and for a charge that failed, the bill is found by its amount and
its date, and without one the subscription by the date alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from billing.models import PaymentPurpose
from billing.sync.projection.states import Mirror, id_of
from billing.sync.versions import Object

DAY = 86_400
FIRST_ATTEMPT = 7_200
PURPOSES = {
    "subscription_create": PaymentPurpose.FIRST,
    "subscription_cycle": PaymentPurpose.RENEWAL,
    "subscription_update": PaymentPurpose.UPGRADE,
}


@dataclass(frozen=True)
class Bill:
    """What a charge is for. `sure` where the provider said so."""

    subscription_id: str = ""
    purpose: str = ""
    at: int = 0  # when the bill was made, in seconds
    invoice: Object | None = None
    sure: bool = False


def bills_of(mirror: Mirror) -> Mapping[str, Bill]:
    """Return every charge's bill, by the charge's id."""
    known = {item["id"]: item for item in mirror.invoices}
    taken = {str(item.get("invoice") or "") for item in mirror.charges}
    free = [item for item in mirror.invoices if item["id"] not in taken]
    bills = {}
    for charge in mirror.charges:
        invoice = known.get(str(charge.get("invoice") or ""))
        sure = invoice is not None
        if invoice is None:
            choice = free if charge.get("status") == "succeeded" else mirror.invoices
            invoice = _likely(charge, list(choice))
        bills[charge["id"]] = _bill(charge, invoice, mirror, sure=sure)
    return bills


def subscription_billed(invoice: Object) -> str:
    """Return the id of the subscription an invoice is for, or an empty text."""
    parent = invoice.get("parent") or {}
    details = parent.get("subscription_details") or {}
    return id_of(details.get("subscription") or invoice.get("subscription"))


def purpose_of(invoice: Object) -> str:
    return PURPOSES.get(str(invoice.get("billing_reason")), "")


def _bill(charge: Object, invoice: Object | None, mirror: Mirror, *, sure: bool) -> Bill:
    at = int(charge.get("created") or 0)
    if invoice is None:
        return Bill(subscription_id=_running_at(at, mirror), at=at)
    return Bill(
        subscription_id=subscription_billed(invoice),
        purpose=purpose_of(invoice),
        at=int(invoice.get("created") or at),
        invoice=invoice,
        sure=sure,
    )


def _likely(charge: Object, invoices: list[Object]) -> Object | None:
    """The bill of this amount that was made last before the charge.

    A first attempt follows its bill within the hour; only a bill that was tried again is older.
    """
    at = int(charge.get("created") or 0)
    fits = [
        item
        for item in invoices
        if charge.get("amount") in {item.get("total"), item.get("amount_due")}
        and at - int(item.get("created") or 0) >= 0
        and (at - int(item["created"]) <= FIRST_ATTEMPT or int(item.get("attempt_count") or 0) > 1)
    ]
    return max(fits, key=lambda item: (int(item["created"]), str(item["id"])), default=None)


def _running_at(at: int, mirror: Mirror) -> str:
    """The subscription that was begun last before this moment and had not ended."""
    running = [
        item
        for item in mirror.subscriptions
        if int(item.get("created") or 0) <= at + DAY and int(item.get("ended_at") or at) >= at
    ]
    last = max(running, key=lambda item: (int(item.get("created") or 0), item["id"]), default=None)
    return str(last["id"]) if last else ""
