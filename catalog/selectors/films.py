"""Reads of films. `movies_listed` defines what lists show; the others build on it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Func, Q

from catalog.models import Credit, Movie, MovieQuerySet, SlugKind
from catalog.selectors.slugs import by_reference, uuid_or_none
from kushfilms.core.db.keyset import KeysetList
from kushfilms.core.db.prepared import STAND_IN_AUDIENCE, STAND_IN_ID, PreparedObjects
from kushfilms.core.errors import NotFound
from kushfilms.core.public_cache import Memo

# Each ends in a unique column and has no nullable one, as keyset pagination requires.
SORTS: dict[str, tuple[str, ...]] = {
    "newest": ("-published_at", "-id"),
    "oldest": ("published_at", "id"),
    "popular": ("-view_count", "-id"),
    "rating": ("-rating", "-rating_count", "-id"),
    "title": ("title", "id"),
}
NEWEST = SORTS["newest"]
POPULAR = SORTS["popular"]
# Long columns that cards do not show.
NOT_IN_LISTS = ("plot", "cast", "vjs", "metadata", "poster_candidate_keys")

ENTITLEMENT = (
    "title",
    "slug",
    "duration",
    "published",
    "playable",
    "access_level",
    "age_rating",
    "trailer_duration",
    "allowed_countries",
    "blocked_countries",
    "licence_starts_at",
    "licence_ends_at",
)


NO_FILM = "There is no such film."


def movies_listed(*, now: datetime, country: str) -> MovieQuerySet:
    """Return every film, short and episode that can be watched there and then."""
    listed = Movie.objects.listed(now=now, country=country)
    return listed.select_related("category").defer(*NOT_IN_LISTS)


def films_of_lists(*, now: datetime, country: str, **where: Any) -> MovieQuerySet:
    """Return films without episodes, which are listed in their series, for a `KeysetList`."""
    return movies_listed(now=now, country=country).without_episodes().filter(**where)


FILMS_SORTED = {
    sort: KeysetList(
        films_of_lists,
        columns=[name.lstrip("-") for name in ordering],
        ordering=ordering,
        **STAND_IN_AUDIENCE,
    )
    for sort, ordering in SORTS.items()
}
FILMS_OF_CATEGORY = {
    sort: KeysetList(
        films_of_lists,
        columns=[name.lstrip("-") for name in ordering],
        ordering=ordering,
        category_id=STAND_IN_ID,
        **STAND_IN_AUDIENCE,
    )
    for sort, ordering in SORTS.items()
}


def movie_get(reference: str) -> Movie:
    """Return a published film by id, slug or former slug, even while it cannot be played.

    Raises:
        NotFound: no such film, or not published.
    """
    return _published_film(Movie.objects.select_related("category", "season__series"), reference)


def movie_detail(reference: str) -> Movie:
    """Return a film as `movie_get` does, by one compiled statement. Raises NotFound."""
    found = _DETAIL.objects(slug=reference)
    return found[0] if found else movie_get(reference)


def credits_of(movie: Movie) -> list[Credit]:
    """Return a film's credits with their people, in order."""
    return _CREDITS.objects(movie=movie.pk)


# By slug, as nearly every request has it; a film by id or former slug costs an ordinary query.
_DETAIL = PreparedObjects(
    lambda slug: (
        Movie.objects.filter(slug=slug, published=True)
        .select_related("category", "season__series")
        .defer("metadata", "before_deletion")
    ),
    slug="\x01slug",
)
_CREDITS = PreparedObjects(
    lambda movie: Credit.objects.filter(movie=movie).select_related("person"), movie=STAND_IN_ID
)


def _published_film(films: MovieQuerySet, reference: str) -> Movie:
    found = by_reference(films.filter(published=True), reference, kind=SlugKind.MOVIE)
    if found is None:
        raise NotFound(NO_FILM)
    return found


def movie_to_watch(reference: str) -> Movie:
    """Return a film with what progress and the entitlement decision need.

    For heartbeats, the most frequent request of all. The object comes from shared memory and must
    not be changed. Raises NotFound.
    """
    found = movies_to_watch([reference]).get(reference)
    if found is None:
        raise NotFound(NO_FILM)
    return found


def movies_to_watch(references: Collection[str]) -> dict[str, Movie]:
    """Return `movie_to_watch` of each reference that has a film."""
    return _TO_WATCH.get(references)


def _load(references: Collection[str]) -> dict[str, Movie]:
    """Read films in one query, and each former slug in one of its own."""
    films = Movie.objects.only(*ENTITLEMENT).filter(published=True)
    ids = [movie_id for name in references if (movie_id := uuid_or_none(name))]
    by_name: dict[str | UUID, Movie] = {}
    for movie in films.filter(Q(slug__in=references) | Q(pk__in=ids)):
        by_name[movie.pk] = by_name[movie.slug] = movie
    found: dict[str, Movie] = {}
    for name in references:
        row = by_name.get(name) or by_name.get(uuid_or_none(name) or name)
        if row := row or by_reference(films, name, kind=SlugKind.MOVIE):
            found[name] = row
    return found


_TO_WATCH: Memo[str, Movie] = Memo(
    _load,
    tags=lambda reference, movie: tags_of(reference, film_id=str(movie.pk), slug=movie.slug),
)


def tags_of(reference: str, *, film_id: str, slug: str) -> tuple[str, ...]:
    """Return the ids whose changes change what this reference leads to.

    A former slug has none: after any change it may lead to another film.
    """
    return (film_id,) if reference in {film_id, slug} else ()


def languages_listed(*, now: datetime, country: str) -> list[str]:
    """Return the languages of listed films, for the filter."""
    names = Movie.objects.listed(now=now, country=country).values_list("language", flat=True)
    return list(names.order_by("language").distinct())


def genres_listed(*, now: datetime, country: str) -> list[str]:
    """Return the genres of listed films, for the filter."""
    return list(
        Movie.objects.listed(now=now, country=country)
        .annotate(genre=Func(F("genres"), function="unnest"))
        .order_by("genre")
        .values_list("genre", flat=True)
        .distinct()
    )
