"""Writing, taking back, hiding and showing again what people say of a film.

`Movie.comment_count` is exact: whoever changes what counts holds the film's row first.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.services.audit import audit_write
from catalog.models import Comment, Movie
from kushfilms.core.errors import Denied, InvalidInput, NotFound, WrongState

LONGEST_COMMENT = 2000
SENT_TWICE = timedelta(minutes=1)


@transaction.atomic
def comment_create(
    movie: Movie, *, user_id: UUID, content: str, now: datetime, parent_id: UUID | None = None
) -> Comment:
    """Say something of a film, or reply; a reply to a reply joins its thread.

    Raises:
        InvalidInput: nothing said, or too much.
        NotFound: the film, or what is replied to, is gone.
        Denied: `banned` meanwhile.
    """
    text = _clean(content)
    _lock(movie.pk, public=True)
    if not User.objects.filter(pk=user_id, is_banned=False).exists():
        raise Denied("This account is closed.", code="banned")
    thread = _thread(movie, parent_id) if parent_id else None
    said = Comment(movie=movie, user_id=user_id, parent=thread, content=text, created_at=now)
    if before := _twin(said):
        return before
    said.save(force_insert=True)
    _recount(movie.pk)
    return said


def _twin(said: Comment) -> Comment | None:
    """The same words again at once are a button pressed twice."""
    mine = Comment.objects.filter(movie=said.movie, user_id=said.user_id, parent=said.parent)
    recent = mine.filter(created_at__gt=said.created_at - SENT_TWICE, deleted_at=None)
    return recent.filter(content=said.content).first()


def _clean(content: str) -> str:
    text = content.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST_COMMENT or "\0" in text:
        fault = f"Write something, in up to {LONGEST_COMMENT} characters."
        raise InvalidInput(fault, fields={"content": [fault]})
    return text


def _thread(movie: Movie, parent_id: UUID) -> Comment:
    visible = Comment.objects.visible().filter(movie=movie).select_related("parent")
    found = visible.filter(pk=parent_id).first()
    if found is None:
        raise NotFound("The comment you reply to is gone.")
    return found.parent or found


@transaction.atomic
def comment_delete(comment_id: UUID, *, movie: Movie, user_id: UUID, now: datetime) -> None:
    """Take back one's own comment; its replies stay. Raises NotFound, for a stranger's too."""
    _lock(movie.pk)
    own = Comment.objects.filter(pk=comment_id, movie=movie, user_id=user_id, deleted_at=None)
    if not own.update(deleted_at=now):
        raise NotFound("There is no such comment of yours.")
    _recount(movie.pk)


@transaction.atomic
def comment_hide(comment: Comment, *, reason: str) -> Comment:
    """Show it to nobody, with the replies below it. Raises WrongState when it is hidden."""
    _lock(comment.movie_id)
    changed = Comment.objects.filter(pk=comment.pk, hidden=False)
    reason = reason.strip()[:500]
    if not changed.update(hidden=True, hidden_reason=reason):
        raise WrongState("This comment is hidden already.", code="hidden")
    _recount(comment.movie_id)
    audit_write("comment.hide", comment, old={"hidden": False}, new={"hidden": True}, reason=reason)
    comment.refresh_from_db()
    return comment


@transaction.atomic
def comment_restore(comment: Comment) -> Comment:
    """Show it again. Raises WrongState when it is not hidden."""
    _lock(comment.movie_id)
    changed = Comment.objects.filter(pk=comment.pk, hidden=True)
    if not changed.update(hidden=False, hidden_reason=""):
        raise WrongState("This comment is not hidden.", code="not_hidden")
    _recount(comment.movie_id)
    audit_write("comment.restore", comment, old={"hidden": True}, new={"hidden": False})
    comment.refresh_from_db()
    return comment


def _lock(movie_id: UUID, *, public: bool = False) -> None:
    """Without the key: people may go on watching the film meanwhile. Raises NotFound."""
    films = Movie.objects.filter(pk=movie_id)
    if public:
        films = films.filter(published=True)
    if not films.select_for_update(no_key=True).values_list("pk").first():
        raise NotFound("There is no such film.")


def _recount(movie_id: UUID) -> None:
    count = Comment.objects.visible().filter(movie_id=movie_id).count()
    Movie.objects.filter(pk=movie_id).update(comment_count=count)


@transaction.atomic
def comments_recount(user_id: UUID) -> None:
    """Count again wherever this person spoke."""
    spoke = Comment.objects.filter(user_id=user_id).values_list("movie_id", flat=True)
    for movie_id in sorted(set(spoke)):
        _lock(movie_id)
        _recount(movie_id)
