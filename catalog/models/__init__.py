"""Films, what viewers keep and say of them, and what people object to."""

from catalog.models.comments import Comment
from catalog.models.films import AgeRating, Category, Movie, MovieQuerySet, WatchHistory
from catalog.models.reports import (
    Report,
    ReportOutcome,
    ReportReason,
    ReportState,
    ReportTarget,
)
from catalog.models.takedowns import TakedownNotice, TakedownStatus

__all__ = [
    "AgeRating",
    "Category",
    "Comment",
    "Movie",
    "MovieQuerySet",
    "Report",
    "ReportOutcome",
    "ReportReason",
    "ReportState",
    "ReportTarget",
    "TakedownNotice",
    "TakedownStatus",
    "WatchHistory",
]
