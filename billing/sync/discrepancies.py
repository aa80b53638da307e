"""Differences between the provider's data and ours, recorded once each for staff."""

from billing.models import Discrepancy, DiscrepancyKind


def discrepancy_note(
    source: str, kind: DiscrepancyKind, object_id: str, detail: str, *, customer_id: str = ""
) -> None:
    """Record a difference, unless the same one is open."""
    row = Discrepancy(
        provider=source,
        kind=kind,
        object_id=object_id,
        customer_id=customer_id,
        detail=detail[:500],
    )
    Discrepancy.objects.bulk_create([row], ignore_conflicts=True)
