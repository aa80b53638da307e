"""Payments and ledger entries, written from the projection."""

from dataclasses import asdict

from accounts.models import User
from billing.models import (
    DiscrepancyKind,
    LedgerEntry,
    LedgerKind,
    Payment,
    PaymentStatus,
    Subscription,
)
from billing.services.notices import notify_once
from billing.sync.discrepancies import discrepancy_note
from billing.sync.projection import Projection


def payments_write(user: User, found: Projection, *, provider: str, quiet: bool) -> None:
    known = {row.provider_payment_id: row for row in user.payments.filter(provider=provider)}
    before = {row.pk: row.status == PaymentStatus.SUCCEEDED for row in known.values()}
    for state in found.payments:
        row = known.get(state.provider_payment_id)
        is_new = row is None or not before.get(row.pk)
        values = asdict(state)
        if row is None:
            row = Payment.objects.create(user=user, provider=provider, **values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=[*values, "updated_at"])
        known[state.provider_payment_id] = row
        if is_new and state.status == PaymentStatus.SUCCEEDED:
            notify_once(user, "receipt", about=state.provider_payment_id, quiet=quiet)
    for entry in _write_entries(user, found, known, provider=provider):
        _notify_of_entry(user, entry, quiet=quiet)


def _notify_of_entry(user: User, entry: LedgerEntry, *, quiet: bool) -> None:
    """Notify the person of a refund; of a refund that a bank sent back, notify staff too."""
    if entry.kind == LedgerKind.REFUND:
        notify_once(user, "refunded", about=entry.provider_object_id, quiet=quiet)
    if entry.kind == LedgerKind.REFUND_FAILED:
        notify_once(user, "refund_failed", about=entry.provider_object_id, quiet=quiet)
        row = Subscription.objects.filter(user=user).only("provider_customer_id").first()
        discrepancy_note(
            entry.provider,
            DiscrepancyKind.REFUND_FAILED,
            entry.provider_object_id,
            f"{entry.amount_text} came back to us: refund {user} another way. A plan that the "
            "refund ended stays ended; give it for a while if the person wants it.",
            customer_id=row.provider_customer_id if row else "",
        )


def _write_entries(
    user: User, found: Projection, payments: dict[str, Payment], *, provider: str
) -> list[LedgerEntry]:
    """Write the entries that are new, and return them."""
    rows = LedgerEntry.objects.filter(payment__user=user, provider=provider)
    existing = set(rows.values_list("provider_object_id", "kind"))
    new_entries = [
        LedgerEntry(
            payment=payments[entry.payment_id],
            kind=entry.kind,
            provider=provider,
            provider_object_id=entry.object_id,
            amount_minor=entry.amount_minor,
            currency=entry.currency,
            occurred_at=entry.occurred_at,
        )
        for entry in found.entries
        if (entry.object_id, entry.kind) not in existing
    ]
    LedgerEntry.objects.bulk_create(new_entries, ignore_conflicts=True)
    return new_entries
