"""Reads of comments."""

from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from catalog.models import Comment, Movie
from kushfilms.core.db.keyset import Page, keyset_page
from kushfilms.core.errors import InvalidInput, NotFound

THREADS_NEWEST = ("-created_at", "-id")
THREADS: dict[str, tuple[str, ...]] = {
    "newest": THREADS_NEWEST,
    "top": ("-like_count", "-created_at", "-id"),
}
REPLIES_OLDEST = ("created_at", "id")
# Numbers on a film's page; the API lists all.
THREADS_SHOWN = 10
REPLIES_SHOWN = 20


def threads_order(sort: str) -> tuple[str, ...]:
    """Return the ordering of a sort name. Raises InvalidInput for an unknown one."""
    if sort not in THREADS:
        fault = _("One of %(names)s.") % {"names": ", ".join(THREADS)}
        raise InvalidInput("sort cannot be used.", fields={"sort": [fault]})
    return THREADS[sort]


def _replies() -> QuerySet[Comment]:
    return Comment.objects.filter(parent=OuterRef("pk"), hidden=False, deleted_at=None)


def threads_of(movie: Movie) -> QuerySet[Comment]:
    """Return a film's threads. A deleted first comment stays while it has replies."""
    counted = _replies().order_by().values("parent").annotate(count=Count("pk")).values("count")
    return (
        Comment.objects.filter(movie=movie, parent=None, hidden=False)
        .filter(Q(deleted_at=None) | Exists(_replies()))
        .annotate(reply_count=Coalesce(Subquery(counted), 0, output_field=IntegerField()))
        .select_related("user")
    )


def replies_of(movie: Movie, comment_id: UUID) -> QuerySet[Comment]:
    """Return a thread's replies. Raises NotFound when the thread is deleted or hidden."""
    thread = Comment.objects.filter(pk=comment_id, movie=movie, parent=None, hidden=False)
    if not thread.exists():
        raise NotFound("There is no such comment.")
    replies = Comment.objects.filter(parent_id=comment_id, hidden=False, deleted_at=None)
    return replies.select_related("user", "reply_to__user")


def comments_page(movie: Movie, *, cursor: str) -> Page[Comment]:
    """Return a page of threads for the film's page, each with its first `shown_replies`."""
    first = Comment.objects.filter(hidden=False, deleted_at=None)
    first = first.select_related("user", "reply_to__user")
    replies = Prefetch(
        "replies", first.order_by(*REPLIES_OLDEST)[:REPLIES_SHOWN], to_attr="shown_replies"
    )
    threads = threads_of(movie).prefetch_related(replies)
    return keyset_page(threads, ordering=THREADS_NEWEST, cursor=cursor, limit=THREADS_SHOWN)


def comment_get(comment_id: UUID) -> Comment:
    """Return a comment for staff, hidden or not. Raises NotFound."""
    found = Comment.objects.select_related("movie", "user").filter(pk=comment_id).first()
    if found is None:
        raise NotFound("There is no such comment.")
    return found


def comment_visible(comment_id: UUID) -> Comment:
    """Return a comment that is visible to all. Raises NotFound."""
    visible = Comment.objects.visible().filter(movie__published=True)
    found = visible.select_related("movie", "user").filter(pk=comment_id).first()
    if found is None:
        raise NotFound("There is no such comment.")
    return found
