"""Follows of series, people and categories. `follower_count` is exact: its row is locked first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet

from catalog.models import Category, Follow, Person, Series
from catalog.services.counters import count_add, key_lock, writer_get
from kushfilms.core.errors import NotFound


@dataclass(frozen=True)
class Followable:
    """A kind of row to follow: its column in `Follow`, and which rows are public."""

    column: str
    model: type[Model]
    public: dict[str, Any]

    def rows(self, slug: str) -> QuerySet[Any]:
        return self.model._default_manager.filter(slug=slug)


FOLLOWABLE = {
    "series": Followable("series", Series, {"published": True}),
    "people": Followable("person", Person, {}),
    "categories": Followable("category", Category, {"active": True}),
}


@transaction.atomic
def follow_add(kind: str, slug: str, *, user_id: UUID, now: datetime) -> tuple[int, bool]:
    """Follow a row; return its number of followers, and whether this one is new.

    Raises:
        NotFound: no such row, or not public.
        Denied: `banned` since the request began.
    """
    followable = FOLLOWABLE[kind]
    rows = followable.rows(slug).filter(**followable.public)
    if not key_lock(rows):
        raise NotFound("There is nothing to follow at this address.")
    writer_get(user_id)
    row = rows.get()
    when = {"created_at": now}
    about = {followable.column: row}
    _, created = Follow.objects.get_or_create(user_id=user_id, **about, defaults=when)
    if created:
        count_add(rows, "follower_count", 1)
    count: int = rows.values_list("follower_count", flat=True).get()
    return count, created


@transaction.atomic
def follow_remove(kind: str, slug: str, *, user_id: UUID) -> None:
    """Unfollow a row; does nothing where it was not followed. Raises NotFound."""
    followable = FOLLOWABLE[kind]
    rows = followable.rows(slug)
    exists = key_lock(rows)
    own = Follow.objects.filter(user_id=user_id, **{f"{followable.column}__slug": slug})
    removed, _ = own.delete()
    if removed:
        count_add(rows, "follower_count", -removed)
    elif not exists or not rows.filter(**followable.public).exists():
        raise NotFound("There is nothing to follow at this address.")


def followers_move(kind: str, row: Model, *, to: Model) -> int:
    """Move followers from one locked row to another; return how many the other gained."""
    followable = FOLLOWABLE[kind]
    already_following = Follow.objects.filter(**{followable.column: to}).values("user")
    follows = Follow.objects.filter(**{followable.column: row}).exclude(user__in=already_following)
    moved = follows.update(**{followable.column: to})
    count_add(followable.model._default_manager.filter(pk=to.pk), "follower_count", moved)
    return moved
