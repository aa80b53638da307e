"""Tables of the catalogue: films, people, series, lists, comments, reports and claims."""

from catalog.models.categories import Category
from catalog.models.charts import MovieDay, Play, RelatedMovie, Trend
from catalog.models.comments import Comment
from catalog.models.films import AgeRating, Movie, MovieKind, MovieQuerySet, WatchHistory
from catalog.models.imports import ImportState, MovieImport
from catalog.models.lists import CommentLike, Favorite, Follow, Rating
from catalog.models.people import Credit, CreditJob, Person
from catalog.models.reports import (
    Report,
    ReportOutcome,
    ReportReason,
    ReportState,
    ReportTarget,
)
from catalog.models.search import Findable, Word
from catalog.models.series import Season, Series
from catalog.models.slugs import FormerSlug, SlugKind
from catalog.models.takedowns import TakedownNotice, TakedownStatus

__all__ = [
    "AgeRating",
    "Category",
    "Comment",
    "CommentLike",
    "Credit",
    "CreditJob",
    "Favorite",
    "Findable",
    "Follow",
    "FormerSlug",
    "ImportState",
    "Movie",
    "MovieDay",
    "MovieImport",
    "MovieKind",
    "MovieQuerySet",
    "Person",
    "Play",
    "Rating",
    "RelatedMovie",
    "Report",
    "ReportOutcome",
    "ReportReason",
    "ReportState",
    "ReportTarget",
    "Season",
    "Series",
    "SlugKind",
    "TakedownNotice",
    "TakedownStatus",
    "Trend",
    "WatchHistory",
    "Word",
]
