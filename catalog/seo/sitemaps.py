"""Sitemaps of all public pages: an index, and a part for each kind of page."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.sitemaps import Sitemap, views
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.models import Category, Movie, Person, Series
from catalog.selectors import categories_active, people_listed, series_listed

if TYPE_CHECKING:
    _Sitemap = Sitemap[Any]
else:  # generic only in the stubs
    _Sitemap = Sitemap

# Links of a part, so few that a crawler's request costs no more than one of our pages.
PART = 2000
PAGES = (
    "home",
    "movies",
    "series-list",
    "subscribe",
    "about",
    "contact",
    "terms",
    "privacy",
    "cookies",
    "takedown",
)


class Pages(_Sitemap):
    def items(self) -> list[str]:
        return list(PAGES)

    def location(self, item: str) -> str:
        return reverse(item)


class Films(_Sitemap):
    """Films that can be watched in some country; elsewhere their page explains it."""

    limit = PART

    def items(self) -> QuerySet[Movie]:
        films = Movie.objects.filter(published=True, playable=True)
        return films.only("slug", "updated_at").order_by("-published_at", "-id")

    def location(self, item: Movie) -> str:
        return reverse("movie", args=[item.slug])

    def lastmod(self, item: Movie) -> datetime:
        return item.updated_at


class SeriesPages(_Sitemap):
    limit = PART

    def items(self) -> QuerySet[Series]:
        return series_listed(now=timezone.now(), country="").order_by("-published_at", "-id")

    def location(self, item: Series) -> str:
        return reverse("series", args=[item.slug])


class People(_Sitemap):
    limit = PART

    def items(self) -> QuerySet[Person]:
        return people_listed(now=timezone.now(), country="").order_by("name", "id")

    def location(self, item: Person) -> str:
        return reverse("person", args=[item.slug])


class Categories(_Sitemap):
    def items(self) -> QuerySet[Category]:
        return categories_active()

    def location(self, item: Category) -> str:
        return reverse("category", args=[item.slug])


Parts = dict[str, type[_Sitemap] | _Sitemap]
SITEMAPS: Parts = {
    "pages": Pages,
    "films": Films,
    "series": SeriesPages,
    "people": People,
    "categories": Categories,
}
_for_a_while = cache_control(public=True, max_age=3600)


@require_safe
@_for_a_while
def sitemap_index(request: HttpRequest, sitemaps: Parts) -> HttpResponseBase:
    return views.index(request, sitemaps, sitemap_url_name="sitemap-section")


@require_safe
@_for_a_while
def sitemap_section(request: HttpRequest, section: str, sitemaps: Parts) -> HttpResponseBase:
    return views.sitemap(request, sitemaps, section=section)
