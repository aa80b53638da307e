"""Where a viewer was, and where they go on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from catalog.models import Movie, MovieKind, WatchHistory
from catalog.models.films import listed_where
from catalog.selectors.films import movies_listed
from catalog.selectors.kept import with_cards
from kushfilms.core.keyset import KeysetList
from kushfilms.core.prepared import STAND_IN_AUDIENCE, STAND_IN_ID, Prepared

GONE_ON_WITH = 200
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
SPECIALS = 0  # the number of a series' season without an order
HISTORY_LATEST = ("-watched_at", "-id")


@dataclass(frozen=True)
class Watched:
    """One line of a history. `movie` is what to go on with: where an episode is finished, the
    next one, at 0. `watched_id` is the film whose row this is.
    """

    movie: Movie
    watched_id: UUID
    progress: int
    completed: bool
    watched_at: datetime


def history_of(user_id: UUID) -> QuerySet[WatchHistory]:
    """What they watched and can still open, but for what they removed."""
    rows = WatchHistory.objects.filter(user_id=user_id)
    return with_cards(rows, "progress", "completed", "watched_at")


def history_going_on(user_id: UUID, *, now: datetime, country: str) -> QuerySet[WatchHistory]:
    """For “continue watching”: what is begun and not finished, and finished episodes that have a
    next one. Of a series only its latest line, so that it stands there once. Nobody goes on with
    what lies further back than their last two hundred films, and a long history costs no more.
    """
    open_to = listed_where(now=now, country=country, through="movie__")
    begun = Q(completed=False, progress__gt=0) & open_to
    is_episode = Q(movie__kind=MovieKind.EPISODE)
    lately = WatchHistory.objects.filter(user_id=user_id).order_by("-watched_at")
    last = lately.values("watched_at")[GONE_ON_WITH - 1 : GONE_ON_WITH]
    # A moment, not those rows: then they are read latest first, and only until the page is full.
    rows = history_of(user_id).filter(watched_at__gte=Coalesce(last, Value(LONG_AGO)))
    rows = rows.annotate(next_id=_next_episode(now=now, country=country))
    goes_on = begun | (is_episode & Q(completed=True, next_id__isnull=False))
    latest: QuerySet[WatchHistory] = rows.filter(~is_episode | ~Exists(_later_in_series()))
    return latest.filter(goes_on)


def _next_episode(*, now: datetime, country: str) -> Subquery:
    """The listed episode that follows, over the season's end; specials lead only to specials."""
    here, series = OuterRef("movie__season__number"), OuterRef("movie__season__series")
    same = Q(season__number=here, episode_number__gt=OuterRef("movie__episode_number"))
    later = Q(season__number__gt=here, from_special=False)
    episodes = Movie.objects.listed(now=now, country=country).filter(season__series=series)
    episodes = episodes.annotate(from_special=Exact(here, Value(SPECIALS))).filter(same | later)
    return Subquery(episodes.order_by("season__number", "episode_number").values("pk")[:1])


def _later_in_series() -> QuerySet[WatchHistory]:
    series = OuterRef("movie__season__series")
    others = WatchHistory.objects.filter(user=OuterRef("user"), movie__season__series=series)
    same_moment = Q(watched_at=OuterRef("watched_at"), pk__gt=OuterRef("pk"))
    return others.filter(Q(watched_at__gt=OuterRef("watched_at")) | same_moment)


def _history(user_id: UUID) -> QuerySet[WatchHistory]:
    """In lines like those of what goes on."""
    return history_of(user_id).annotate(next_id=Value(None, output_field=UUIDField()))


LINE = ("id", "movie_id", "progress", "completed", "watched_at", "next_id")
HISTORY = KeysetList(_history, columns=LINE, ordering=HISTORY_LATEST, user_id=STAND_IN_ID)
GOING_ON = KeysetList(
    history_going_on,
    columns=LINE,
    ordering=HISTORY_LATEST,
    user_id=STAND_IN_ID,
    **STAND_IN_AUDIENCE,
)


def history_lines(rows: Iterable[WatchHistory], *, now: datetime, country: str) -> list[Watched]:
    """What a page shows of them; the next episodes come in one query, if any."""
    rows = list(rows)
    following = {row.pk: next_id for row in rows if row.completed and (next_id := _next_id(row))}
    films = movies_listed(now=now, country=country)
    movies = films.in_bulk(following.values()) if following else {}
    return [_line(row, movies.get(following.get(row.pk))) for row in rows]


def _next_id(row: WatchHistory) -> UUID | None:
    annotated: UUID | None = getattr(row, "next_id", None)
    return annotated


def _line(row: WatchHistory, following: Movie | None) -> Watched:
    if following is None:
        return Watched(row.movie, row.movie_id, row.progress, row.completed, row.watched_at)
    return Watched(following, row.movie_id, 0, completed=False, watched_at=row.watched_at)


def history_unfinished(user_id: UUID, *, limit: int, now: datetime, country: str) -> list[Watched]:
    """For a page's “continue watching”, latest first."""
    rows = history_going_on(user_id, now=now, country=country).order_by(*HISTORY_LATEST)
    return history_lines(rows[:limit], now=now, country=country)


def history_position(user_id: UUID, movie: Movie) -> int:
    """Where this viewer stopped in the film, in seconds; 0 at the start and after the end."""
    rows = _POSITION.rows(user_id=user_id, movie_id=movie.pk)
    return int(rows[0][0]) if rows else 0


def _position(*, user_id: UUID, movie_id: UUID) -> QuerySet[WatchHistory, tuple[int]]:
    unfinished = WatchHistory.objects.filter(user_id=user_id, movie_id=movie_id, completed=False)
    return unfinished.values_list("progress")


_POSITION = Prepared(_position, user_id=STAND_IN_ID, movie_id=UUID(int=STAND_IN_ID.int + 1))
