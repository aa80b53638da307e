"""The spam brake: what looks like advertising waits for a moderator, and its author is told so.

It only holds back; a person decides. Staff are not braked.
"""

import re
from datetime import timedelta

from accounts.models import User
from accounts.roles import Role
from catalog.models import Comment, Report, ReportReason

HELD_BACK = "Held back:"
MOST_LINKS = 3
NEW_ACCOUNT = timedelta(days=1)
# The same words under so many other films within a day; "Nice!" may be said everywhere.
SAME_PLACES = 3
SAME_WITHIN = timedelta(days=1)
SAME_SHORTEST = 9
LOOKED_AT = 200

LINK = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|\b[\w-]+\.(?:com|net|org|info|biz|ug|ke|tz|rw|ru|cn|xyz|top|shop|site|online|io|co|me|ly)\b",
    re.IGNORECASE,
)


def spam_reason(comment: Comment, *, writer: User) -> str:
    """Why it should wait, as a moderator reads it; empty: it may stand."""
    if writer.role != Role.USER:
        return ""
    links = len(LINK.findall(comment.content))
    if links > MOST_LINKS:
        return f"{HELD_BACK} {links} links."
    moment = comment.edited_at or comment.created_at
    if links and moment - writer.created_at < NEW_ACCOUNT:
        return f"{HELD_BACK} a link from an account of less than a day."
    if films := _other_films(comment):
        return f"{HELD_BACK} the same words under {films} other films within a day."
    return ""


def _other_films(comment: Comment) -> int:
    """How many other films the same words stand under; 0 where that is not many."""
    content_key = _content_key(comment.content)
    if len(content_key) < SAME_SHORTEST:
        return 0
    since = (comment.edited_at or comment.created_at) - SAME_WITHIN
    comments = Comment.objects.filter(user_id=comment.user_id, created_at__gt=since)
    elsewhere = comments.exclude(movie_id=comment.movie_id).order_by("-created_at")
    latest = elsewhere.values_list("movie_id", "content")[:LOOKED_AT]
    films = len({movie_id for movie_id, content in latest if _content_key(content) == content_key})
    return films if films >= SAME_PLACES else 0


def _content_key(text: str) -> str:
    """Letters and digits alone: spaces and signs are how the same is made to look different."""
    return "".join(char for char in text.casefold() if char.isalnum())


def comment_hold(comment: Comment, *, reason: str) -> None:
    """Hide it and put it into the moderators' queue. Call in the comment's transaction."""
    comment.hidden = comment.held = True
    comment.hidden_reason = reason
    comment.save()
    Report.objects.create(comment=comment, reason=ReportReason.SPAM, details=reason)
