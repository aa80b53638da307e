"""Slugs: made from names, unique, and redirected after a rename.

A former slug names its target's id and not another slug, so there are no chains. A row that takes a
slug again takes it over from its former owner.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from catalog.models import Category, FormerSlug, Movie, Person, Series, SlugKind
from catalog.models.films import RESERVED_SLUGS
from kushfilms.core.errors import InvalidInput

Named = Movie | Series | Category | Person
KINDS: dict[type[Named], SlugKind] = {
    Movie: SlugKind.MOVIE,
    Series: SlugKind.SERIES,
    Category: SlugKind.CATEGORY,
    Person: SlugKind.PERSON,
}
FALLBACK = {
    SlugKind.MOVIE: "film",
    SlugKind.SERIES: "series",
    SlugKind.CATEGORY: "category",
    SlugKind.PERSON: "person",
}
# Characters left for “-2” and so on.
ROOM = 20


def slug_of(text: str, row: Named) -> str:
    longest = (row._meta.get_field("slug").max_length or 90) - ROOM
    stem = slugify(text)[:longest].strip("-_") or FALLBACK[KINDS[type(row)]]
    return f"{stem}-film" if stem in RESERVED_SLUGS else stem


def slug_insert(row: Named, *, text: str) -> None:
    """Insert a row under the first free slug; the unique constraint decides between two at once."""
    for slug in _candidates(slug_of(text, row)):
        row.slug = slug
        if _saved(row, force_insert=True):
            break
    _take_over(row)


def slug_insert_as(row: Named, slug: str) -> None:
    """Insert a row under a chosen slug. Raises InvalidInput, as `slug_set` does."""
    _choose(row, slug, force_insert=True)
    _take_over(row)


def slug_rename(row: Named, *, text: str) -> str | None:
    """Give a row the slug of its new name; redirect the old one. None: the slug still fits."""
    old = row.slug
    for slug in _candidates(slug_of(text, row)):
        if slug == old:
            return None
        row.slug = slug
        if _saved(row, update_fields=["slug"]):
            break
    _remember(row, old)
    return row.slug


def slug_set(row: Named, slug: str) -> None:
    """Give a row a chosen slug. Raises InvalidInput when it is taken or invalid."""
    old = row.slug
    _choose(row, slug, update_fields=["slug"])
    _remember(row, old)


def _choose(row: Named, slug: str, **how: Any) -> None:
    old = row.slug
    row.slug = slug
    fault = ""
    if not slug or slugify(slug) != slug or slug in RESERVED_SLUGS:
        fault = "Use small letters, digits and hyphens only, and no reserved word such as “search”."
    elif len(slug) > (row._meta.get_field("slug").max_length or 90):
        fault = "This address is too long."
    elif not _saved(row, **how):
        fault = "This address is taken."
    if fault:
        row.slug = old
        raise InvalidInput("Choose another address.", fields={"slug": [fault]})


def slugs_forget(row: Named) -> None:
    """Delete the former addresses of a deleted row."""
    FormerSlug.objects.filter(kind=KINDS[type(row)], target_id=row.pk).delete()


def slug_release(row: Named) -> str:
    """Free the address of a deleted row for another one; return it.

    Former addresses stay with the row: they lead nowhere until it is restored, or to another row
    that takes them.
    """
    old = row.slug
    row.slug = f"deleted-{row.pk}"
    row.save(update_fields=["slug"])
    return old


def slug_reclaim(row: Named, slug: str) -> None:
    """Give a restored row its old address, or the first free one like it."""
    for candidate in _candidates(slug):
        row.slug = candidate
        if _saved(row, update_fields=["slug"]):
            break
    _take_over(row)


def slugs_hand_over(row: Named, *, to: Named) -> None:
    """Redirect every address of a row to another one. Call it when the row is deleted."""
    former = FormerSlug.objects.filter(kind=KINDS[type(row)])
    former.filter(target_id=row.pk).update(target_id=to.pk)
    _remember(to, row.slug)


def _candidates(stem: str) -> Iterator[str]:
    yield stem
    for number in count(2):
        yield f"{stem}-{number}"


def _saved(row: Named, **how: Any) -> bool:
    others = type(row)._default_manager.filter(slug=row.slug).exclude(pk=row.pk)
    if others.exists():
        return False
    try:
        with transaction.atomic():
            row.save(**how)
    except IntegrityError:
        if not others.exists():
            raise
        return False
    return True


def _take_over(row: Named) -> None:
    FormerSlug.objects.filter(kind=KINDS[type(row)], slug=row.slug).delete()


def _remember(row: Named, old: str) -> None:
    _take_over(row)
    if old != row.slug:
        FormerSlug.objects.update_or_create(
            kind=KINDS[type(row)], slug=old, defaults={"target_id": row.pk}
        )
