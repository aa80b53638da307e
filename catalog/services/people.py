"""Writes of people: create, rename, merge and delete."""

from typing import Any

from django.db import transaction

from accounts.services.audit import audit_write
from catalog.events import PersonMerged
from catalog.models import Credit, Movie, Person
from catalog.services.credits import copies_refresh
from catalog.services.edits import Changes, now_of, pair_lock, row_apply, row_check, row_lock
from catalog.services.follows import followers_move
from catalog.services.pictures import pictures_forget
from catalog.services.slugs import slug_insert, slug_rename, slug_set, slugs_forget, slugs_hand_over
from kushfilms.core.errors import InvalidInput, WrongState
from kushfilms.core.events import emit
from kushfilms.core.text import line_clean

EDITABLE = frozenset({"name", "biography", "photo_key"})


@transaction.atomic
def person_create(*, name: str, **fields: Any) -> Person:
    """Create a person. Raises InvalidInput. People may share a name; their addresses differ."""
    person = Person(name=line_clean(name), **fields)
    row_check(person, exclude=["slug"])
    slug_insert(person, text=person.name)
    audit_write("person.create", person, new={"name": person.name})
    return person


@transaction.atomic
def person_update(person: Person, *, changes: Changes) -> Person:
    """Change the given fields. A new name gives a new address and is copied to every film.

    Raises:
        InvalidInput, NotFound.
    """
    person = row_lock(person, what="person")
    changes = dict(changes)
    slug = changes.pop("slug", None)
    if "name" in changes:
        changes["name"] = line_clean(str(changes["name"]))
    old = row_apply(person, changes, allowed=EDITABLE)
    row_check(person, exclude=["slug"])
    before = person.slug
    if old:
        person.save(update_fields=[*old, "updated_at"])
    if slug is not None and slug != person.slug:
        slug_set(person, slug)
    elif "name" in old:
        slug_rename(person, text=person.name)
    if person.slug != before:
        old["slug"] = before
    if "name" in old:
        copies_refresh(_films(person))
    if old:
        audit_write("person.change", person, old=old, new=now_of(person, old))
    return person


def _films(person: Person) -> list[Any]:
    # Locked in one order, because two people of one film may be renamed at once. Deleted films are
    # included: restored ones use the present names.
    movies = Movie.every.filter(credits__person=person).order_by("pk")
    ids = list(movies.values_list("pk", flat=True).distinct())
    locked = Movie.every.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    return list(locked.values_list("pk", flat=True))


@transaction.atomic
def person_merge(person: Person, *, into: Person) -> Person:
    """Merge a duplicate person into another: films, followers and addresses move to `into`.

    Raises:
        InvalidInput: merged into itself.
        NotFound: one of them was deleted.
    """
    if person.pk == into.pk:
        fault = "Choose another person: this one is the same."
        raise InvalidInput(fault, fields={"into": [fault]})
    person, into = pair_lock(person, into, what="person")
    films = _films(person)
    target_credits = Credit.objects.filter(person=into)
    for credit in Credit.objects.filter(person=person):
        if not target_credits.filter(movie=credit.movie_id, job=credit.job).exists():
            Credit.objects.filter(pk=credit.pk).update(person=into)
    moved = followers_move("people", person, to=into)
    audit_write(
        "person.merge",
        into,
        old={"merged": person.name, "slug": person.slug},
        new={"films": len(films), "followers": moved},
    )
    slugs_hand_over(person, to=into)
    emit(PersonMerged(person.pk, into.pk))
    pictures_forget(person)
    person.delete()
    copies_refresh(films)
    into.refresh_from_db()
    return into


@transaction.atomic
def person_delete(person: Person) -> None:
    """Delete a person. Raises WrongState: `has_credits` while a film names them."""
    person = row_lock(person, what="person")
    # A deleted film that is restored later has lost this credit.
    if count := Credit.objects.filter(person=person, movie__deleted_at=None).count():
        described = "1 credit" if count == 1 else f"{count} credits"
        message = (
            f"{person.name} has {described}. Remove these from the films first, "
            "or merge this person into another."
        )
        raise WrongState(message, code="has_credits")
    audit_write("person.delete", person, old={"name": person.name})
    slugs_forget(person)
    pictures_forget(person)
    person.delete()
