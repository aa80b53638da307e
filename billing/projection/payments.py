"""A customer's charges, refunds and disputes as payments and as rows of the ledger."""

from collections.abc import Iterable
from datetime import UTC, datetime

from billing.models import LedgerKind, PaymentStatus
from billing.projection.states import Entry, Mirror, PaymentState, by_time, id_of
from billing.versions import Object

MOVED = ("pending", "succeeded", "requires_action")
FAILED = ("failed", "canceled")
TAKEN = ("needs_response", "under_review", "won", "lost")


def payment_of(charge: Object, mirror: Mirror) -> PaymentState:
    amount, currency = int(charge["amount"]), str(charge["currency"]).upper()
    # Of the two that tell of refunds, whichever has come; each only grows.
    refunds = [item for item in mirror.refunds if id_of(item.get("charge")) == charge["id"]]
    known = sum(int(item["amount"]) for item in refunds if item.get("status") in MOVED)
    refunded = known if refunds else int(charge.get("amount_refunded") or 0)
    refunded = min(amount, refunded)
    disputes = [item for item in mirror.disputes if id_of(item.get("charge")) == charge["id"]]
    return PaymentState(
        provider_payment_id=charge["id"],
        amount_minor=amount,
        refunded_minor=refunded,
        currency=currency,
        status=_payment_status(charge, amount=amount, refunded=refunded),
        disputed=bool(charge.get("disputed")) or bool(disputes),
        description=str(charge.get("description") or "")[:200],
        receipt_url=str(charge.get("receipt_url") or ""),
        failure_message=str(charge.get("failure_message") or "")[:500],
        paid_at=datetime.fromtimestamp(int(charge["created"]), UTC),
    )


def _payment_status(charge: Object, *, amount: int, refunded: int) -> PaymentStatus:
    if charge.get("status") == "pending":
        return PaymentStatus.PROCESSING
    if charge.get("status") != "succeeded":
        return PaymentStatus.FAILED
    if not refunded:
        return PaymentStatus.SUCCEEDED
    return PaymentStatus.REFUNDED if refunded == amount else PaymentStatus.PARTIALLY_REFUNDED


def entries_of(mirror: Mirror) -> Iterable[Entry]:
    """Of money that came in; a refund whose charge we have not heard of yet waits for it."""
    charges = [item for item in by_time(mirror.charges) if item.get("status") == "succeeded"]
    known = {charge["id"] for charge in charges}
    for charge in charges:
        yield _entry(charge, LedgerKind.CHARGE, charge["id"], sign=1)
    for refund in by_time(mirror.refunds):
        charge_id = id_of(refund.get("charge"))
        if charge_id not in known:
            continue
        yield _entry(refund, LedgerKind.REFUND, charge_id, sign=-1)
        if refund.get("status") in FAILED:
            yield _entry(refund, LedgerKind.REFUND_FAILED, charge_id, sign=1)
    for dispute in by_time(mirror.disputes):
        charge_id = id_of(dispute.get("charge"))
        if dispute.get("status") in TAKEN and charge_id in known:
            yield _entry(dispute, LedgerKind.DISPUTE, charge_id, sign=-1)
            if dispute.get("status") == "won":
                yield _entry(dispute, LedgerKind.DISPUTE_WON, charge_id, sign=1)


def _entry(data: Object, kind: LedgerKind, charge_id: str, *, sign: int) -> Entry:
    return Entry(
        payment_id=charge_id,
        kind=kind,
        object_id=data["id"],
        amount_minor=sign * int(data["amount"]),
        currency=str(data["currency"]).upper(),
        occurred_at=datetime.fromtimestamp(int(data["created"]), UTC),
    )
