"""What there is of what a sheet speaks of: looked up at once, in as many queries for a long one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models.functions import Lower, Upper

from catalog.models import Category, Credit, Movie, Person, Season
from catalog.selectors.slugs import uuid_or_none
from catalog.services.credits import COPIES

Values = dict[str, Any]
AT_ONCE = 2000


@dataclass
class Known:
    by_id: dict[str, Movie] = field(default_factory=dict)
    by_slug: dict[str, Movie] = field(default_factory=dict)
    titled: dict[tuple[str, int | None], str] = field(default_factory=dict)  # to the slug
    categories: dict[str, Category] = field(default_factory=dict)  # by slug, and by name
    seasons: dict[tuple[str, int], Season] = field(default_factory=dict)
    held: dict[tuple[UUID, int], UUID] = field(default_factory=dict)  # places, to the film
    bearers: dict[str, list[str]] = field(default_factory=dict)  # of a name, to their slugs
    people: set[str] = field(default_factory=set)  # slugs that were named with an @
    credited: set[tuple[UUID, str]] = field(default_factory=set)  # of names several people bear

    @classmethod
    def of(cls, rows: Sequence[Values]) -> "Known":
        known = cls()
        known._films(rows)
        known._shelves(rows)
        known._people(rows)
        return known

    def _films(self, rows: Sequence[Values]) -> None:
        movies = Movie.objects.select_related("category", "season__series")
        ids = [pk for text in _all(rows, "id") if (pk := uuid_or_none(text))]
        by_id = movies.filter(pk__in=ids).iterator(chunk_size=AT_ONCE)
        self.by_id = {str(movie.pk): movie for movie in by_id}
        by_slug = movies.filter(slug__in=_all(rows, "slug")).iterator(chunk_size=AT_ONCE)
        self.by_slug = {movie.slug: movie for movie in by_slug}
        titles = [title.lower() for title in _all(rows, "title")]
        titled = Movie.objects.annotate(key=Lower("title")).filter(key__in=titles)
        for key, year, slug in titled.values_list("key", "year", "slug"):
            self.titled[key, year] = slug

    def _shelves(self, rows: Sequence[Values]) -> None:
        categories = list(Category.objects.all())
        self.categories = {category.name.lower(): category for category in categories}
        self.categories |= {category.slug: category for category in categories}
        seasons = Season.objects.filter(series__slug__in=_all(rows, "series"))
        for season in seasons.select_related("series"):
            self.seasons[season.series.slug, season.number] = season
        ids = [season.pk for season in self.seasons.values()]
        for movie in Movie.objects.filter(season__in=ids).only("season", "episode_number"):
            if movie.season_id and movie.episode_number is not None:
                self.held[movie.season_id, movie.episode_number] = movie.pk

    def _people(self, rows: Sequence[Values]) -> None:
        names = {name for values in rows for job in COPIES for name in values.get(job) or ()}
        upper = {name.upper() for name in names}
        people = Person.objects.annotate(key=Upper("name")).filter(key__in=upper)
        bearers: dict[str, list[str]] = defaultdict(list)
        for key, slug in people.order_by("slug").values_list("key", "slug"):
            bearers[key].append(slug)
        self.bearers = dict(bearers)
        slugs = [name[1:].lower() for name in names if name.startswith("@")]
        self.people = set(Person.objects.filter(slug__in=slugs).values_list("slug", flat=True))
        several = [key for key, found in bearers.items() if len(found) > 1]
        credited = Credit.objects.annotate(key=Upper("person__name")).filter(key__in=several)
        self.credited = set(credited.values_list("movie", "key"))


def _all(rows: Sequence[Values], name: str) -> set[Any]:
    return {values[name] for values in rows if values.get(name)}
