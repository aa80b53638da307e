"""Attribution of charges to bills and subscriptions.

The provider links them by an `invoice_payment`, which `billing.sync.mirror` adds to the charge as
`invoice`. Until that has arrived, and for a failed charge, the bill is found by amount and date; if
no bill fits, the subscription is found by the date alone.
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
    """Bill that a charge is for. `sure` if the provider has named it."""

    subscription_id: str = ""
    purpose: str = ""
    at: int = 0  # creation of the bill, in seconds
    invoice: Object | None = None
    sure: bool = False


def bills_of(mirror: Mirror) -> Mapping[str, Bill]:
    """Return every charge's bill, by the charge's id."""
    invoices = {item["id"]: item for item in mirror.invoices}
    linked = {str(item.get("invoice") or "") for item in mirror.charges}
    unlinked = [item for item in mirror.invoices if item["id"] not in linked]
    bills = {}
    for charge in mirror.charges:
        invoice = invoices.get(str(charge.get("invoice") or ""))
        sure = invoice is not None
        if invoice is None:
            choice = unlinked if charge.get("status") == "succeeded" else mirror.invoices
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
    """Return a charge's bill; without an invoice, of the subscription that ran at the charge."""
    at = int(charge.get("created") or 0)
    if invoice is not None:
        return Bill(
            subscription_id=subscription_billed(invoice),
            purpose=purpose_of(invoice),
            at=int(invoice.get("created") or at),
            invoice=invoice,
            sure=sure,
        )
    running = [
        item
        for item in mirror.subscriptions
        if int(item.get("created") or 0) <= at + DAY and int(item.get("ended_at") or at) >= at
    ]
    last = max(running, key=lambda item: (int(item.get("created") or 0), item["id"]), default=None)
    return Bill(subscription_id=str(last["id"]) if last else "", at=at)


def _likely(charge: Object, invoices: list[Object]) -> Object | None:
    """Return the last bill of this amount before the charge.

    A first attempt follows its bill within two hours; a bill with several attempts may be older.
    """
    at = int(charge.get("created") or 0)
    candidates = [
        item
        for item in invoices
        if charge.get("amount") in {item.get("total"), item.get("amount_due")}
        and at - int(item.get("created") or 0) >= 0
        and (at - int(item["created"]) <= FIRST_ATTEMPT or int(item.get("attempt_count") or 0) > 1)
    ]
    return max(candidates, key=lambda item: (int(item["created"]), str(item["id"])), default=None)
