"""Look-ups by id, slug or former slug."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from catalog.models import FormerSlug, SlugKind

Row = TypeVar("Row", bound=Model)


def uuid_or_none(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


def by_reference(rows: QuerySet[Row], reference: str, *, kind: SlugKind) -> Row | None:
    """Return the row. Only an unknown slug costs a second query, for former slugs."""
    wanted = Q(slug=reference)
    if row_id := uuid_or_none(reference):
        wanted |= Q(pk=row_id)
    if found := rows.filter(wanted).first():
        return found
    former = FormerSlug.objects.filter(kind=kind, slug=reference).first()
    return rows.filter(pk=former.target_id).first() if former else None
