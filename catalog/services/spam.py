"""Spam filter: a comment that looks like advertising waits for a moderator.

Its author is informed. The filter only holds back; a moderator decides. Staff are exempt.
"""

import re
from datetime import timedelta

from accounts.models import User
from accounts.roles import Role
from catalog.models import Comment, Report, ReportReason

HELD_BACK = "Held back:"
MOST_LINKS = 3
NEW_ACCOUNT = timedelta(days=1)
# The same text under this many other films within a day; short texts such as “Nice!” are exempt.
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
    """Return why the comment is held, in words for moderators; empty to let it pass."""
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
    """Return under how many other films the same text was posted; 0 where that is few."""
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
    """Return the alphanumeric characters, because spaces and signs are used to disguise repeats."""
    return "".join(char for char in text.casefold() if char.isalnum())


def comment_hold(comment: Comment, *, reason: str) -> None:
    """Hide a comment and report it to the moderators. Call it in the comment's transaction."""
    comment.hidden = comment.held = True
    comment.hidden_reason = reason
    comment.save()
    Report.objects.create(comment=comment, reason=ReportReason.SPAM, details=reason)
