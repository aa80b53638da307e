"""Personal data that catalog holds (`accounts.privacy.registry`)."""

from django.db.models.functions import Now

from accounts.privacy.registry import personal_data
from catalog.models import (
    Comment,
    CommentLike,
    Favorite,
    Follow,
    Rating,
    Report,
    TakedownNotice,
    WatchHistory,
)
from catalog.services.erasure import (
    favorites_forget,
    follows_forget,
    likes_forget,
    ratings_forget,
)

personal_data(
    "watch_history",
    about="What you watched and how far, so that you can continue there.",
    model=WatchHistory,
    fields={
        "movie__title": "film",
        "progress": "progressSeconds",
        "completed": "completed",
        "watched_at": "watchedAt",
    },
)
personal_data(
    "favorites",
    about="The films on your list.",
    model=Favorite,
    remove=favorites_forget,
    fields={"movie__title": "film", "created_at": "at"},
)
personal_data(
    "ratings",
    about="Your star ratings and reviews.",
    model=Rating,
    remove=ratings_forget,
    fields={
        "movie__title": "film",
        "stars": "stars",
        "review": "review",
        "hidden": "hiddenByStaff",
        "hidden_reason": "hiddenBecause",
        "created_at": "at",
        "updated_at": "changedAt",
    },
)
personal_data(
    "comment_likes",
    about="The comments you liked.",
    model=CommentLike,
    remove=likes_forget,
    fields={"comment__movie__title": "film", "created_at": "at"},
)
personal_data(
    "follows",
    about="The series, people and categories you follow.",
    model=Follow,
    remove=follows_forget,
    fields={
        "series__title": "series",
        "person__name": "person",
        "category__name": "category",
        "created_at": "at",
    },
)
personal_data(
    "comments",
    about="Your comments on films. An erasure removes the text; replies of others stay.",
    model=Comment,
    fields={
        "movie__title": "film",
        "content": "words",
        "hidden": "hiddenByStaff",
        "hidden_reason": "hiddenBecause",
        "created_at": "at",
        "edited_at": "changedAt",
        "deleted_at": "takenBackAt",
    },
    blank={"content": "(erased)", "hidden_reason": "", "deleted_at": Now()},
)
personal_data(
    "reports_made",
    about="What you reported to our moderators.",
    model=Report,
    owner="reporter",
    fields={"reason": "reason", "details": "details", "state": "state", "created_at": "at"},
    blank={"reporter": None, "details": ""},
)
# The reporter is left out: the reported person must not learn it.
personal_data(
    "reports_about_you",
    about="Reports about your account, and their outcome.",
    model=Report,
    fields={"reason": "reason", "state": "state", "outcome": "outcome", "created_at": "at"},
)
personal_data(
    "reports_decided",
    about="Reports you decided as a member of staff.",
    model=Report,
    owner="reviewer",
    fields={"outcome": "outcome", "resolution": "resolution", "resolved_at": "at"},
    blank={},
)
personal_data(
    "copyright_claims_decided",
    about="Copyright claims you decided as a member of staff.",
    model=TakedownNotice,
    owner="decided_by",
    fields={"movie_title": "film", "status": "status", "decided_at": "at"},
    blank={},
)
