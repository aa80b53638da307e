"""Differences between the provider and us that staff must look at, written down once each."""

from billing.models import Discrepancy, DiscrepancyKind


def discrepancy_note(
    source: str, kind: DiscrepancyKind, object_id: str, said: str, *, customer_id: str = ""
) -> None:
    """Note one; a no-op while the same is open."""
    row = Discrepancy(
        provider=source, kind=kind, object_id=object_id, customer_id=customer_id, detail=said[:500]
    )
    Discrepancy.objects.bulk_create([row], ignore_conflicts=True)
