"""Writes of categories."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts.services.audit import audit_write
from catalog.models import Category
from catalog.services.edits import Changes, now_of, pair_lock, row_apply, row_check, row_lock
from catalog.services.follows import followers_move
from catalog.services.pictures import pictures_forget
from catalog.services.slugs import slug_insert, slug_set, slugs_forget, slugs_hand_over
from kushfilms.core.errors import InvalidInput
from kushfilms.core.text import line_clean

EDITABLE = frozenset({"name", "description", "image_key", "order", "active"})


@transaction.atomic
def category_create(*, name: str, slug: str = "", **fields: Any) -> Category:
    """Create a category. Raises InvalidInput, also when the name is taken."""
    category = Category(name=line_clean(name), **fields)
    row_check(category, exclude=["slug"])
    with _unique_name():
        slug_insert(category, text=slug or category.name)
    audit_write("category.create", category, new={"name": category.name, "slug": category.slug})
    return category


@transaction.atomic
def category_update(category: Category, *, changes: Changes) -> Category:
    """Change the given fields. A renamed category keeps its address unless `slug` is given."""
    category = row_lock(category, what="category")
    changes = dict(changes)
    slug = changes.pop("slug", None)
    before = category.slug
    old = row_apply(category, changes, allowed=EDITABLE)
    row_check(category, exclude=["slug"])
    if old:
        with _unique_name():
            category.save(update_fields=[*old, "updated_at"])
    if slug and slug != before:
        slug_set(category, slug)
        old["slug"] = before
    if old:
        audit_write("category.change", category, old=old, new=now_of(category, old))
    return category


@transaction.atomic
def category_delete(category: Category) -> None:
    """Delete a category. Its films and series stay, without a category."""
    category = row_lock(category, what="category")
    left = {"films": category.movies.count(), "series": category.series.count()}
    audit_write("category.delete", category, old={"name": category.name, **left})
    slugs_forget(category)
    pictures_forget(category)
    category.delete()


@transaction.atomic
def category_merge(category: Category, *, into: Category) -> Category:
    """Merge a category into another: films, series, followers and addresses move to `into`.

    Raises:
        InvalidInput: merged into itself.
        NotFound: one of them was deleted in the meantime.
    """
    if category.pk == into.pk:
        fault = "Choose another category: this one is the same."
        raise InvalidInput(fault, fields={"into": [fault]})
    category, into = pair_lock(category, into, what="category")
    moved = {
        "films": category.movies.update(category=into, updated_at=Now()),
        "series": category.series.update(category=into, updated_at=Now()),
        "followers": followers_move("categories", category, to=into),
    }
    old = {"merged": category.name, "slug": category.slug}
    audit_write("category.merge", into, old=old, new=moved)
    slugs_hand_over(category, to=into)
    pictures_forget(category)
    category.delete()
    into.refresh_from_db()
    return into


@contextmanager
def _unique_name() -> Iterator[None]:
    """Turn the unique constraint into InvalidInput, for two requests with the same new name."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as exc:
        fault = "A category of this name exists already."
        raise InvalidInput(fault, fields={"name": [fault]}) from exc
