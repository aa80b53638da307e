"""Writes of comments: create, edit, delete, hide and restore.

`Movie.comment_count` is exact: every change of what counts locks the film's row first.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.services.audit import audit_write
from catalog.models import Comment, Movie
from catalog.services.counters import movie_lock, writer_get
from catalog.services.replies import reply_announce
from catalog.services.spam import comment_hold, spam_reason
from catalog.services.text import viewer_text_clean
from kushfilms.core.errors import NotFound, WrongState

LONGEST_COMMENT = 2000
SENT_TWICE = timedelta(minutes=1)
EDITABLE = timedelta(minutes=15)


@transaction.atomic
def comment_create(
    movie: Movie, *, user_id: UUID, content: str, now: datetime, parent_id: UUID | None = None
) -> Comment:
    """Write a comment or a reply; a reply to a reply joins its thread.

    A comment that looks like advertising is returned with `held` set: a moderator checks it first.

    Raises:
        InvalidInput: no visible text, or too long.
        NotFound: the film or the comment replied to is not there.
        Denied: `banned` since the request began.
    """
    text = viewer_text_clean(content, field="content", longest=LONGEST_COMMENT)
    movie_lock(movie.pk, public=True)
    writer = writer_get(user_id)
    replied_to = thread = None
    if parent_id:
        visible = Comment.objects.visible().filter(movie=movie).select_related("parent", "user")
        replied_to = visible.filter(pk=parent_id).first()
        if replied_to is None:
            raise NotFound("The comment you are replying to no longer exists.")
        thread = replied_to.parent or replied_to
    # The same text within a minute means that the button was pressed twice.
    own = Comment.objects.filter(movie=movie, user=writer, parent=thread)
    recent = own.filter(created_at__gt=now - SENT_TWICE, deleted_at=None)
    same = recent.filter(content=text, reply_to=replied_to)
    if duplicate := same.select_related("user", "reply_to__user").first():
        return duplicate
    comment = Comment(movie=movie, user=writer, parent=thread, reply_to=replied_to, content=text)
    comment.created_at = now
    comment.save(force_insert=True)
    if reason := spam_reason(comment, writer=writer):
        comment_hold(comment, reason=reason)
    else:
        _recount(movie.pk)
        reply_announce(comment)
    return comment


@transaction.atomic
def comment_edit(
    comment_id: UUID, *, movie: Movie, user_id: UUID, content: str, now: datetime
) -> Comment:
    """Edit the author's own recent comment; the same text changes nothing.

    Raises:
        InvalidInput: no visible text, or too long.
        NotFound: the comment or its film is not there, or it is another person's.
        WrongState: `too_late`, or `hidden` by a moderator.
        Denied: `banned` since the request began.
    """
    text = viewer_text_clean(content, field="content", longest=LONGEST_COMMENT)
    movie_lock(movie.pk, public=True)
    writer = writer_get(user_id)
    own = Comment.objects.filter(pk=comment_id, movie=movie, user=writer, deleted_at=None)
    comment = own.select_related("user", "reply_to__user").first()
    if comment is None:
        raise NotFound("You have no such comment.")
    if comment.hidden:
        raise WrongState("A moderator is reviewing this comment.", code="hidden")
    if now - comment.created_at > EDITABLE:
        message = "A comment can be edited for 15 minutes. You can still delete it."
        raise WrongState(message, code="too_late")
    if comment.content != text:
        comment.content = text
        comment.edited_at = now
        comment.save()
        if reason := spam_reason(comment, writer=writer):
            comment_hold(comment, reason=reason)
            _recount(movie.pk)
    return comment


@transaction.atomic
def comment_delete(comment_id: UUID, *, movie: Movie, user_id: UUID, now: datetime) -> None:
    """Delete the author's own comment; its replies stay. Raises NotFound, also for others'."""
    movie_lock(movie.pk)
    own = Comment.objects.filter(pk=comment_id, movie=movie, user_id=user_id, deleted_at=None)
    if not own.update(deleted_at=now):
        raise NotFound("You have no such comment.")
    _recount(movie.pk)


@transaction.atomic
def comment_hide(comment: Comment, *, reason: str) -> Comment:
    """Hide a comment with the replies below it; a held one stays hidden.

    Raises:
        WrongState: a moderator has hidden it already.
    """
    movie_lock(comment.movie_id)
    changed = Comment.objects.filter(pk=comment.pk).exclude(hidden=True, held=False)
    reason = reason.strip()[:500]
    if not changed.update(hidden=True, held=False, hidden_reason=reason):
        raise WrongState("This comment is hidden already.", code="hidden")
    _recount(comment.movie_id)
    old = {"hidden": comment.held}
    audit_write("comment.hide", comment, old=old, new={"hidden": True}, reason=reason)
    comment.refresh_from_db()
    return comment


@transaction.atomic
def comment_restore(comment: Comment) -> Comment:
    """Show a hidden comment again. Raises WrongState when it is not hidden."""
    movie_lock(comment.movie_id)
    changed = Comment.objects.filter(pk=comment.pk, hidden=True)
    if not changed.update(hidden=False, held=False, hidden_reason=""):
        raise WrongState("This comment is not hidden.", code="not_hidden")
    _recount(comment.movie_id)
    audit_write("comment.restore", comment, old={"hidden": True}, new={"hidden": False})
    comment.refresh_from_db()
    reply_announce(comment)
    return comment


def _recount(movie_id: UUID) -> None:
    count = Comment.objects.visible().filter(movie_id=movie_id).count()
    Movie.objects.filter(pk=movie_id).update(comment_count=count)


@transaction.atomic
def comments_recount(user_id: UUID) -> None:
    """Count the comments of every film that this person commented on."""
    movie_ids = Comment.objects.filter(user_id=user_id).values_list("movie_id", flat=True)
    for movie_id in sorted(set(movie_ids)):
        movie_lock(movie_id)
        _recount(movie_id)
