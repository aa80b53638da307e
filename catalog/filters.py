"""One filter for the API's list and the site's browse page; the names are the contract's."""

from collections.abc import Mapping

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from billing.models import Plan
from catalog.models import Movie
from catalog.selectors import NEWEST, SORTS, uuid_or_none

SORT_LABELS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "popular": "Most watched",
    "rating": "Best rated",
    "title": "Title A to Z",
}


class IntegerFilter(django_filters.Filter):  # type: ignore[misc]  # ships no types
    field_class = forms.IntegerField


class MovieFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """`sort` is checked here and applied by the page, whose cursor hangs on it."""

    category = django_filters.CharFilter(method="by_category", max_length=90)
    genre = django_filters.CharFilter(method="by_genre", max_length=60)
    year = IntegerFilter(min_value=1888, max_value=2200)
    language = django_filters.CharFilter(lookup_expr="iexact", max_length=60)
    country = django_filters.CharFilter(lookup_expr="iexact", max_length=60)
    accessLevel = django_filters.ChoiceFilter(field_name="access_level", choices=Plan.choices)
    minRating = django_filters.NumberFilter(
        field_name="rating", lookup_expr="gte", min_value=0, max_value=5
    )
    sort = django_filters.ChoiceFilter(
        choices=list(SORT_LABELS.items()), method="leave", empty_label=None
    )

    class Meta:
        model = Movie
        fields: list[str] = []

    def by_category(self, movies: QuerySet[Movie], _name: str, value: str) -> QuerySet[Movie]:
        """Slug or id. A category that is switched off has no list."""
        wanted = Q(category__slug=value)
        if category_id := uuid_or_none(value):
            wanted |= Q(category=category_id)
        return movies.filter(wanted, category__active=True)

    def by_genre(self, movies: QuerySet[Movie], _name: str, value: str) -> QuerySet[Movie]:
        return movies.filter(genres__contains=[value])

    def leave(self, movies: QuerySet[Movie], _name: str, _value: str) -> QuerySet[Movie]:
        return movies


def ordering_of(query: Mapping[str, str]) -> tuple[str, ...]:
    """The order a list was asked in. Call it once the filter has found the query valid."""
    return SORTS.get(query.get("sort") or "newest", NEWEST)
