"""Reads for staff: every row, whatever its state."""

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from catalog.models import Category, Credit, Movie, MovieQuerySet, Person, Season, Series
from catalog.selectors.categories import CATEGORY_ORDER
from catalog.selectors.slugs import uuid_or_none
from kushfilms.core.errors import NotFound

CREDITS = Prefetch("credits", Credit.objects.select_related("person").order_by("job", "order"))


def movies_for_staff(
    *,
    search: str = "",
    published: bool | None = None,
    playable: bool | None = None,
    category: str = "",
    deleted: bool = False,
) -> MovieQuerySet:
    """Return films, newest first: the existing ones, or the `deleted` ones that can be restored.

    `category` is an id or a slug; `search` matches titles, slugs and names of people.
    """
    films = Movie.every.exclude(deleted_at=None) if deleted else Movie.objects.all()
    movies = films.select_related("category", "season__series")
    if search:
        movies = movies.filter(movies_matching(search))
    if published is not None:
        movies = movies.filter(published=published)
    if playable is not None:
        movies = movies.filter(playable=playable)
    if category:
        condition = Q(category__slug=category)
        if category_id := uuid_or_none(category):
            condition |= Q(category=category_id)
        movies = movies.filter(condition)
    return movies.order_by("-created_at", "-pk")


def movies_matching(search: str) -> Q:
    named = Credit.objects.filter(movie=OuterRef("pk"), person__name__icontains=search)
    titled = Q(title__icontains=search) | Q(slug__icontains=search)
    return titled | Q(Exists(named))


def movie_for_staff(movie_id: UUID) -> Movie:
    """Return a film with its credits. Raises NotFound."""
    movies = Movie.objects.select_related("category", "season__series")
    movie = movies.prefetch_related(CREDITS).filter(pk=movie_id).first()
    if movie is None:
        raise NotFound("There is no such film.")
    return movie


def categories_for_staff() -> QuerySet[Category]:
    return Category.objects.annotate(
        movie_count=Count("movies", filter=Q(movies__deleted_at=None))
    ).order_by(*CATEGORY_ORDER)


def category_for_staff(category_id: UUID) -> Category:
    """Return a category with its film count. Raises NotFound."""
    category = categories_for_staff().filter(pk=category_id).first()
    if category is None:
        raise NotFound("There is no such category.")
    return category


def series_for_staff(*, search: str = "") -> QuerySet[Series]:
    series = Series.objects.select_related("category").annotate(
        season_count=Count("seasons", distinct=True), episode_count=Count("seasons__episodes")
    )
    if search:
        series = series.filter(Q(title__icontains=search) | Q(slug__icontains=search))
    return series.order_by("title", "pk")


def series_whole(series_id: UUID) -> Series:
    """Return a series with its seasons and their episodes, in order. Raises NotFound."""
    episodes = Movie.objects.order_by("episode_number").only(*EPISODE)
    seasons = Season.objects.order_by("number").prefetch_related(Prefetch("episodes", episodes))
    series = series_for_staff().prefetch_related(Prefetch("seasons", seasons))
    found = series.filter(pk=series_id).first()
    if found is None:
        raise NotFound("There is no such series.")
    return found


# Columns of an episode in a season's list.
EPISODE = (
    "id",
    "title",
    "slug",
    "season",
    "episode_number",
    "published",
    "playable",
    "publish_at",
    "duration",
    "thumbnail_key",
    "poster_key",
    "view_count",
)


def season_get(season_id: UUID) -> Season:
    """Return a season with its series. Raises NotFound."""
    season = Season.objects.select_related("series").filter(pk=season_id).first()
    if season is None:
        raise NotFound("There is no such season.")
    return season


def people_for_staff(*, search: str = "") -> QuerySet[Person]:
    people = Person.objects.annotate(
        credit_count=Count("credits", filter=Q(credits__movie__deleted_at=None))
    )
    if search:
        people = people.filter(Q(name__icontains=search) | Q(slug__icontains=search))
    return people.order_by("name", "pk")


def person_for_staff(person_id: UUID) -> Person:
    """Return a person with their credit count. Raises NotFound."""
    person = people_for_staff().filter(pk=person_id).first()
    if person is None:
        raise NotFound("There is no such person.")
    return person
