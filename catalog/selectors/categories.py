"""Reads of categories."""

from uuid import UUID

from django.db.models import QuerySet

from catalog.models import Category, SlugKind
from catalog.selectors.slugs import by_reference
from kushfilms.core.errors import NotFound
from kushfilms.core.public_cache import Memo

CATEGORY_ORDER = ("order", "name", "id")


def categories_active() -> QuerySet[Category]:
    return Category.objects.filter(active=True).order_by(*CATEGORY_ORDER)


def category_get(reference: str) -> Category:
    """Return an active category by id, slug or former slug. Raises NotFound."""
    category = by_reference(categories_active(), reference, kind=SlugKind.CATEGORY)
    if category is None:
        raise NotFound("There is no such category.")
    return category


def category_id_get(reference: str) -> UUID:
    """Return the id of an active category, from memory. Raises NotFound."""
    return _IDS.get([reference])[reference]


_IDS: Memo[str, UUID] = Memo(
    lambda references: {reference: category_get(reference).pk for reference in references}
)
