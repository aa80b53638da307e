"""Payments and ledger entries, projected from charges, refunds and disputes."""

from collections.abc import Iterable
from datetime import UTC, datetime

from billing.models import LedgerKind, PaymentStatus
from billing.sync.projection.attribution import Bill
from billing.sync.projection.states import Entry, Mirror, PaymentState, by_time, id_of
from billing.sync.versions import Object
from kushfilms.core.currencies import amount_from_stripe

MOVED = ("pending", "succeeded", "requires_action")
FAILED = ("failed", "canceled")
# Disputes after which we have the money, so that a refund is possible again.
SETTLED = ("won", "warning_closed", "prevented")
TAKEN = ("needs_response", "under_review", "won", "lost")


def payment_of(charge: Object, mirror: Mirror, bill: Bill) -> PaymentState:
    currency = str(charge["currency"]).upper()
    amount = int(charge["amount"])
    # The known refunds count; without any, the charge's own total does.
    refunds = [item for item in mirror.refunds if id_of(item.get("charge")) == charge["id"]]
    moved = sum(int(item["amount"]) for item in refunds if item.get("status") in MOVED)
    refunded = min(amount, moved if refunds else int(charge.get("amount_refunded") or 0))
    # A dispute counts while a bank decides on it, or after the bank has taken the money back. The
    # charge's own flag stays set after a dispute was won, so it only counts without disputes.
    disputes = [item for item in mirror.disputes if id_of(item.get("charge")) == charge["id"]]
    is_disputed = bool(charge.get("disputed"))
    if disputes:
        is_disputed = any(item.get("status") not in SETTLED for item in disputes)
    return PaymentState(
        provider_payment_id=charge["id"],
        amount_minor=amount_from_stripe(amount, currency),
        refunded_minor=amount_from_stripe(refunded, currency),
        currency=currency,
        status=_payment_status(charge, amount=amount, refunded=refunded),
        disputed=is_disputed,
        provider_subscription_id=bill.subscription_id,
        purpose=bill.purpose,
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
    """Yield the ledger entries of succeeded charges.

    A refund or dispute is skipped until its charge has arrived.
    """
    charges = [item for item in by_time(mirror.charges) if item.get("status") == "succeeded"]
    charge_ids = {charge["id"] for charge in charges}
    for charge in charges:
        yield _entry(charge, LedgerKind.CHARGE, charge["id"], sign=1)
    for refund in by_time(mirror.refunds):
        charge_id = id_of(refund.get("charge"))
        if charge_id not in charge_ids:
            continue
        yield _entry(refund, LedgerKind.REFUND, charge_id, sign=-1)
        if refund.get("status") in FAILED:
            yield _entry(refund, LedgerKind.REFUND_FAILED, charge_id, sign=1)
    for dispute in by_time(mirror.disputes):
        charge_id = id_of(dispute.get("charge"))
        if dispute.get("status") in TAKEN and charge_id in charge_ids:
            yield _entry(dispute, LedgerKind.DISPUTE, charge_id, sign=-1)
            if dispute.get("status") == "won":
                yield _entry(dispute, LedgerKind.DISPUTE_WON, charge_id, sign=1)


def _entry(data: Object, kind: LedgerKind, charge_id: str, *, sign: int) -> Entry:
    currency = str(data["currency"]).upper()
    return Entry(
        payment_id=charge_id,
        kind=kind,
        object_id=data["id"],
        amount_minor=sign * amount_from_stripe(int(data["amount"]), currency),
        currency=currency,
        occurred_at=datetime.fromtimestamp(int(data["created"]), UTC),
    )
