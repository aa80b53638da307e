"""Texts of reply notifications at the time they are shown.

A hidden or deleted reply is not quoted, and an edited one is quoted as it reads now.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_noop

from accounts.models import Notification, NotificationType
from accounts.notification_texts import NotificationText, notification_text
from catalog.models import Comment, Movie
from catalog.services.replies import reply_text

GONE_TITLE = gettext_noop("A reply to you was removed")
GONE_MESSAGE = gettext_noop("Its author deleted it, or a moderator hid it.")


@notification_text(NotificationType.COMMENT_REPLY)
def replies_read(notifications: Sequence[Notification]) -> Mapping[UUID, NotificationText]:
    ids = [row.metadata["commentId"] for row in notifications if "commentId" in row.metadata]
    shown = Comment.objects.visible().filter(pk__in=ids).select_related("user", "movie")
    replies = {str(reply.pk): reply for reply in shown}
    addresses: dict[str, str] = {}
    if len(replies) < len(set(ids)):
        # A removed reply leads to the page of its film.
        movie_ids = {row.metadata.get("movieId") for row in notifications} - {None}
        slugs = Movie.objects.filter(pk__in=movie_ids, published=True).values_list("pk", "slug")
        addresses = {str(pk): f"/movies/{slug}" for pk, slug in slugs}
    found = {}
    for row in notifications:
        reply = replies.get(row.metadata.get("commentId", ""))
        if reply is None:
            address = addresses.get(row.metadata.get("movieId", ""), "")
            found[row.pk] = NotificationText(GONE_TITLE, GONE_MESSAGE, address, gone=True)
        elif reply.edited_at and reply.edited_at > row.created_at:
            found[row.pk] = reply_text(reply, count=row.metadata.get("count", 1))
    return found
