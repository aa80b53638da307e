"""Reads of films. What lists show is `movies_listed`; everything builds on it."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, Func, Prefetch

from catalog.models import (
    Credit,
    Movie,
    MovieQuerySet,
    SlugKind,
    WatchHistory,
)
from catalog.models.films import listed_where
from catalog.selectors.slugs import by_reference
from kushfilms.core.errors import NotFound

# Each ends in a unique column and holds no nullable one, as keyset pages ask.
SORTS: dict[str, tuple[str, ...]] = {
    "newest": ("-published_at", "-id"),
    "oldest": ("published_at", "id"),
    "popular": ("-view_count", "-id"),
    "rating": ("-rating", "-rating_count", "-id"),
    "title": ("title", "id"),
}
NEWEST = SORTS["newest"]
POPULAR = SORTS["popular"]
# What a card in a list does not show, and long.
NOT_IN_LISTS = ("plot", "cast", "vjs", "metadata", "poster_candidate_keys")


def movies_listed(*, now: datetime, country: str) -> MovieQuerySet:
    """Every film, short and episode that can be watched then and there."""
    listed = Movie.objects.listed(now=now, country=country)
    return listed.select_related("category").defer(*NOT_IN_LISTS)


def movie_get(reference: str) -> Movie:
    """A published film by id, slug or former slug, also while it cannot be played just now.

    Raises:
        NotFound: no such film, or not for the public.
    """
    return _one(Movie.objects.select_related("category", "season__series"), reference)


def movie_detail(reference: str) -> Movie:
    """The same with everybody who made it. Raises NotFound."""
    parts = Prefetch("credits", Credit.objects.select_related("person"))
    films = Movie.objects.select_related("category", "season__series").prefetch_related(parts)
    return _one(films, reference)


def _one(films: MovieQuerySet, reference: str) -> Movie:
    found = by_reference(films.filter(published=True), reference, kind=SlugKind.MOVIE)
    if found is None:
        raise NotFound("There is no such film.")
    return found


def history_unfinished(
    user_id: UUID, *, limit: int, now: datetime, country: str
) -> list[WatchHistory]:
    """For “continue watching”: begun, not finished, and still there; latest first."""
    rows = WatchHistory.objects.filter(user_id=user_id, completed=False, progress__gt=0)
    rows = rows.filter(listed_where(now=now, country=country, through="movie__"))
    return list(rows.select_related("movie").order_by("-watched_at")[:limit])


def history_position(user_id: UUID, movie: Movie) -> int:
    """Where this viewer stopped in the film, in seconds; 0 at the start and after the end."""
    row = WatchHistory.objects.filter(user_id=user_id, movie=movie, completed=False)
    return row.values_list("progress", flat=True).first() or 0


def languages_listed(*, now: datetime, country: str) -> list[str]:
    """Languages there are films in, for the filter."""
    names = Movie.objects.listed(now=now, country=country).values_list("language", flat=True)
    return list(names.order_by("language").distinct())


def genres_listed(*, now: datetime, country: str) -> list[str]:
    """Genres there are films of, for the filter."""
    return list(
        Movie.objects.listed(now=now, country=country)
        .annotate(genre=Func(F("genres"), function="unnest"))
        .order_by("genre")
        .values_list("genre", flat=True)
        .distinct()
    )
