"""Reads of the catalogue. What browsing shows is `movies_listed`; everything builds on it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Func, Q, Window
from django.db.models.functions import RowNumber
from django.db.models.query import QuerySet

from catalog.models import Category, Movie, MovieQuerySet
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
CATEGORY_ORDER = ("order", "name", "id")
# What a card in a list does not show, and long.
NOT_IN_LISTS = ("plot", "cast", "metadata", "poster_candidate_keys")

ENTITLEMENT = (
    "duration", "published", "playable", "access_level", "age_rating", "allowed_countries",
    "blocked_countries", "licence_starts_at", "licence_ends_at",
)  # fmt: skip


def movies_listed() -> MovieQuerySet:
    return Movie.objects.listed().select_related("category").defer(*NOT_IN_LISTS)


def movie_get(reference: str) -> Movie:
    """A published film by id or slug, also while it cannot be played just now.

    Raises:
        NotFound: no such film, or not for the public.
    """
    wanted = Q(slug=reference)
    if movie_id := uuid_or_none(reference):
        wanted |= Q(pk=movie_id)
    found = Movie.objects.select_related("category").filter(wanted, published=True).first()
    if found is None:
        raise NotFound("There is no such film.")
    return found


def movie_to_watch(reference: str) -> Movie:
    """The same for a heartbeat, the most frequent call of all: what progress is measured by and
    the entitlement decision looks at. Raises NotFound.
    """
    wanted = Q(slug=reference)
    if movie_id := uuid_or_none(reference):
        wanted |= Q(pk=movie_id)
    found = Movie.objects.only(*ENTITLEMENT).filter(wanted, published=True).first()
    if found is None:
        raise NotFound("There is no such film.")
    return found


def uuid_or_none(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


def categories_active() -> QuerySet[Category]:
    return Category.objects.filter(active=True).order_by(*CATEGORY_ORDER)


def category_get(slug: str) -> Category:
    """Raises NotFound."""
    category = categories_active().filter(slug=slug).first()
    if category is None:
        raise NotFound("There is no such category.")
    return category


# ── The home page ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Rail:
    """A row of films with a title and the page that has the rest."""

    title: str
    url: str
    movies: list[Movie]


def movie_featured() -> Movie | None:
    """The film of the hero: the latest one featured, else the latest one."""
    return movies_listed().order_by("-featured", *NEWEST).first()


def movies_newest(*, limit: int) -> list[Movie]:
    return list(movies_listed().order_by(*NEWEST)[:limit])


def rails_by_category(*, length: int) -> list[Rail]:
    """The newest films of every active category that has any, in the categories' order."""
    place = Window(
        RowNumber(), partition_by=F("category_id"), order_by=(F("published_at").desc(), "-id")
    )
    movies = (
        movies_listed()
        .filter(category__active=True)
        .annotate(place=place)
        .filter(place__lte=length)
    )
    return _rails(movies.order_by("category__order", "category__name", "place"))


def _rails(movies: Iterable[Movie]) -> list[Rail]:
    by_category: dict[Category, list[Movie]] = defaultdict(list)
    for movie in movies:
        if movie.category:
            by_category[movie.category].append(movie)
    return [
        Rail(category.name, f"/categories/{category.slug}", films)
        for category, films in by_category.items()
    ]


def languages_listed() -> list[str]:
    """Languages there are films in, for the filter."""
    names = Movie.objects.listed().order_by("language").values_list("language", flat=True)
    return list(names.distinct())


def genres_listed() -> list[str]:
    """Genres there are films of, for the filter."""
    return list(
        Movie.objects.listed()
        .annotate(genre=Func(F("genres"), function="unnest"))
        .order_by("genre")
        .values_list("genre", flat=True)
        .distinct()
    )


def movies_related(movie: Movie, *, limit: int) -> list[Movie]:
    """More of the same category, newest first."""
    if movie.category_id is None:
        return []
    same = movies_listed().filter(category_id=movie.category_id).exclude(pk=movie.pk)
    return list(same.order_by(*NEWEST)[:limit])
