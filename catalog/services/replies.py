"""Telling people that they were answered: each reply once, a thread at most once an hour.

The reply enqueues one job a thread and person. The job takes every reply not told of yet into one
notification; has that person heard of the thread within the hour, it comes again when the hour is
over. It holds the film's row, as whoever writes a reply does: no reply falls between two jobs.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Notification, NotificationType, User
from accounts.notification_texts import NotificationText
from accounts.services.notifications import notification_create
from catalog.models import Comment, Movie
from catalog.services.counters import key_lock
from kushfilms.core.jobs import Running, job_enqueue, job_kind

JOB = "comment_replies"
ONCE_IN = timedelta(hours=1)
QUOTED = 140


def reply_announce(reply: Comment) -> None:
    """Have whom it answers told, unless that is themselves. Call in the reply's transaction."""
    answered = reply.reply_to
    if answered is None or answered.user_id == reply.user_id or reply.reply_told:
        return
    thread, person = str(reply.parent_id), str(answered.user_id)
    job_enqueue(JOB, {"thread": thread, "person": person}, key=f"{thread}:{person}")


@job_kind(JOB)
def replies_notify(job: Running) -> None:
    now, payload = timezone.now(), job.payload
    thread = Comment.objects.select_related("movie").filter(pk=payload["thread"]).first()
    person = User.objects.filter(pk=payload["person"], erased_at=None).first()
    if thread is None or person is None:
        return
    with transaction.atomic():
        if not key_lock(Movie.objects.filter(pk=thread.movie_id, published=True)):
            return
        if last_notified_at := _last_notified_at(thread, person, now=now):
            key = f"{thread.pk}:{person.pk}"
            job_enqueue(JOB, payload, key=key, not_before=last_notified_at + ONCE_IN)
        else:
            _notify(thread, person)


def _last_notified_at(thread: Comment, person: User, *, now: datetime) -> datetime | None:
    """When they last heard of this thread, within the hour."""
    notices = Notification.objects.filter(
        user=person,
        type=NotificationType.COMMENT_REPLY,
        created_at__gt=now - ONCE_IN,
        metadata__threadId=str(thread.pk),
    )
    return notices.order_by("-created_at").values_list("created_at", flat=True).first()


def _unannounced(thread: Comment, person: User) -> QuerySet[Comment]:
    replies = Comment.objects.visible().filter(parent=thread, reply_told=False)
    return replies.filter(reply_to__user=person).exclude(user=person)


def _notify(thread: Comment, person: User) -> None:
    replies = _unannounced(thread, person).select_related("user", "movie")
    latest = replies.order_by("-created_at", "-id").first()
    if latest is None:
        return
    count = replies.count()
    Comment.objects.filter(pk__in=replies.values("pk")).update(reply_told=True)
    words = reply_text(latest, count=count)
    notification_create(
        person,
        kind=NotificationType.COMMENT_REPLY,
        title=words.title,
        message=words.message,
        action_url=words.action_url,
        metadata={
            "threadId": str(thread.pk),
            "commentId": str(latest.pk),
            "movieId": str(thread.movie_id),
            "count": count,
        },
    )


def reply_text(reply: Comment, *, count: int) -> NotificationText:
    """Return what is told of the latest of so many replies."""
    movie, name = reply.movie, reply.user.name or "Somebody"
    others = f" and {count - 1} more" if count > 1 else ""
    return NotificationText(
        title=f"{name} replied to you" if count == 1 else f"{count} new replies to you",
        message=f"{name}{others} under “{movie.title}”: {_quote(reply.content)}",
        action_url=f"/movies/{movie.slug}#c-{reply.pk}",
    )


def _quote(words: str) -> str:
    line = " ".join(words.split())
    return f"“{line[:QUOTED]}…”" if len(line) > QUOTED else f"“{line}”"
