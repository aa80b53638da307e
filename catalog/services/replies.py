"""Notifications of replies: each reply once, a thread at most once an hour.

A reply enqueues one job per thread and recipient. The job puts every reply not announced yet into
one notification; if the recipient was notified of the thread within the hour, it runs again when
the hour is over. It locks the film's row, as every writer of a reply does, so that no reply falls
between two jobs.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Notification, NotificationType, User
from accounts.notification_texts import NotificationText
from accounts.services.notifications import notification_create
from catalog.models import Comment, Movie
from catalog.services.counters import key_lock
from kushfilms.core.jobs import Running, job_enqueue, job_kind

JOB = "comment_replies"
INTERVAL = timedelta(hours=1)
QUOTED = 140


def reply_announce(reply: Comment) -> None:
    """Enqueue the notification of a reply, unless it would go to its own author.

    Call it in the reply's transaction.
    """
    replied_to = reply.reply_to
    if replied_to is None or replied_to.user_id == reply.user_id or reply.reply_told:
        return
    thread = str(reply.parent_id)
    person = str(replied_to.user_id)
    job_enqueue(JOB, {"thread": thread, "person": person}, key=f"{thread}:{person}")


@job_kind(JOB)
def replies_notify(job: Running) -> None:
    now = timezone.now()
    payload = job.payload
    thread = Comment.objects.select_related("movie").filter(pk=payload["thread"]).first()
    person = User.objects.filter(pk=payload["person"], erased_at=None).first()
    if thread is None or person is None:
        return
    with transaction.atomic():
        if not key_lock(Movie.objects.filter(pk=thread.movie_id, published=True)):
            return
        # Notifications of this thread within the hour, latest first.
        recent = Notification.objects.filter(
            user=person,
            type=NotificationType.COMMENT_REPLY,
            created_at__gt=now - INTERVAL,
            metadata__threadId=str(thread.pk),
        ).order_by("-created_at")
        if last_notified_at := recent.values_list("created_at", flat=True).first():
            key = f"{thread.pk}:{person.pk}"
            job_enqueue(JOB, payload, key=key, not_before=last_notified_at + INTERVAL)
        else:
            _notify(thread, person)


def _notify(thread: Comment, person: User) -> None:
    unannounced = Comment.objects.visible().filter(parent=thread, reply_told=False)
    to_person = unannounced.filter(reply_to__user=person).exclude(user=person)
    replies = to_person.select_related("user", "movie")
    latest = replies.order_by("-created_at", "-id").first()
    if latest is None:
        return
    count = replies.count()
    Comment.objects.filter(pk__in=replies.values("pk")).update(reply_told=True)
    text = reply_text(latest, count=count)
    notification_create(
        person,
        kind=NotificationType.COMMENT_REPLY,
        title=text.title,
        message=text.message,
        action_url=text.action_url,
        metadata={
            "threadId": str(thread.pk),
            "commentId": str(latest.pk),
            "movieId": str(thread.movie_id),
            "count": count,
        },
    )


def reply_text(reply: Comment, *, count: int) -> NotificationText:
    """Return the text of the notification, which quotes the latest of `count` replies."""
    movie = reply.movie
    name = reply.user.name or "A viewer"
    others = f" and {count - 1} more" if count > 1 else ""
    line = " ".join(reply.content.split())
    quote = f"{line[:QUOTED]}…" if len(line) > QUOTED else line
    return NotificationText(
        title=f"{name} replied to you" if count == 1 else f"{count} new replies to you",
        message=f"{name}{others} under “{movie.title}”: “{quote}”",
        action_url=f"/movies/{movie.slug}#c-{reply.pk}",
    )
