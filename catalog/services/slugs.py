"""Addresses: made from names, unique, and led on from after a rename.

A former slug names its target's id and not another slug, so there are no chains; and whoever takes
a slug again takes it over from the one who had it.
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
# Room for “-2” and so on.
ROOM = 20


def slug_of(text: str, thing: Named) -> str:
    longest = (thing._meta.get_field("slug").max_length or 90) - ROOM
    stem = slugify(text)[:longest].strip("-_") or FALLBACK[KINDS[type(thing)]]
    return f"{stem}-film" if stem in RESERVED_SLUGS else stem


def slug_insert(thing: Named, *, text: str) -> None:
    """Insert a row under the first free slug; of two at once the unique constraint decides."""
    for slug in _candidates(slug_of(text, thing)):
        thing.slug = slug
        if _saved(thing, force_insert=True):
            break
    _take_over(thing)


def slug_insert_as(thing: Named, slug: str) -> None:
    """Insert a row under a slug of somebody's choice. Raises InvalidInput, as `slug_set` does."""
    _choose(thing, slug, force_insert=True)
    _take_over(thing)


def slug_rename(thing: Named, *, text: str) -> str | None:
    """Give it the slug of a new name; the old one leads here. None: the one it has fits still."""
    old = thing.slug
    for slug in _candidates(slug_of(text, thing)):
        if slug == old:
            return None
        thing.slug = slug
        if _saved(thing, update_fields=["slug"]):
            break
    _remember(thing, old)
    return thing.slug


def slug_set(thing: Named, slug: str) -> None:
    """Give it a slug of somebody's choice. Raises InvalidInput when it is taken or no slug."""
    old = thing.slug
    _choose(thing, slug, update_fields=["slug"])
    _remember(thing, old)


def _choose(thing: Named, slug: str, **how: Any) -> None:
    old, thing.slug = thing.slug, slug
    fault = ""
    if not slug or slugify(slug) != slug or slug in RESERVED_SLUGS:
        fault = "Small letters, digits and hyphens only, and no word of ours such as “search”."
    elif len(slug) > (thing._meta.get_field("slug").max_length or 90):
        fault = "This is too long for an address."
    elif not _saved(thing, **how):
        fault = "Something else has this address already."
    if fault:
        thing.slug = old
        raise InvalidInput("Choose another address.", fields={"slug": [fault]})


def slugs_forget(thing: Named) -> None:
    """It is gone: addresses it had lead nowhere."""
    FormerSlug.objects.filter(kind=KINDS[type(thing)], target_id=thing.pk).delete()


def slug_release(thing: Named) -> str:
    """Give up the address of something deleted, so that another one can have it; return it.

    Former addresses stay with it: they lead nowhere until it is restored, and to another one that
    takes them.
    """
    old, thing.slug = thing.slug, f"deleted-{thing.pk}"
    thing.save(update_fields=["slug"])
    return old


def slug_reclaim(thing: Named, slug: str) -> None:
    """Give something restored its old address, or the first free one like it."""
    for candidate in _candidates(slug):
        thing.slug = candidate
        if _saved(thing, update_fields=["slug"]):
            break
    _take_over(thing)


def slugs_hand_over(thing: Named, *, to: Named) -> None:
    """Every address of the one leads to the other from now on. Call when the one is deleted."""
    former = FormerSlug.objects.filter(kind=KINDS[type(thing)])
    former.filter(target_id=thing.pk).update(target_id=to.pk)
    _remember(to, thing.slug)


def _candidates(stem: str) -> Iterator[str]:
    yield stem
    for number in count(2):
        yield f"{stem}-{number}"


def _saved(thing: Named, **how: Any) -> bool:
    others = type(thing)._default_manager.filter(slug=thing.slug).exclude(pk=thing.pk)
    if others.exists():
        return False
    try:
        with transaction.atomic():
            thing.save(**how)
    except IntegrityError:
        if not others.exists():
            raise
        return False
    return True


def _take_over(thing: Named) -> None:
    FormerSlug.objects.filter(kind=KINDS[type(thing)], slug=thing.slug).delete()


def _remember(thing: Named, old: str) -> None:
    _take_over(thing)
    if old != thing.slug:
        FormerSlug.objects.update_or_create(
            kind=KINDS[type(thing)], slug=old, defaults={"target_id": thing.pk}
        )
