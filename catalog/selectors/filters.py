"""Filters of film lists, shared by the API and the browse page. Their names are the contract's."""

from collections.abc import Mapping

import django_filters
from django import forms
from django.db.models import Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models import Plan
from catalog.languages import language_names, language_tag
from catalog.models import Category, Movie, MovieKind, MovieQuerySet, Series
from catalog.selectors import NEWEST, SORTS, uuid_or_none
from catalog.selectors.search import LONGEST_QUERY
from kushfilms.core.errors import InvalidInput

SORT_LABELS = {
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
    "popular": _("Most watched"),
    "rating": _("Best rated"),
    "title": _("Title A to Z"),
}


class IntegerFilter(django_filters.Filter):  # type: ignore[misc]  # ships no types
    field_class = forms.IntegerField


class FilmFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """Filters for any list of films, search results included."""

    category = django_filters.CharFilter(method="by_category", max_length=90)
    genre = django_filters.CharFilter(method="by_genre", max_length=60)
    year = IntegerFilter(min_value=1888, max_value=2200)
    language = django_filters.CharFilter(method="by_language", max_length=60)
    country = django_filters.CharFilter(lookup_expr="iexact", max_length=60)
    accessLevel = django_filters.ChoiceFilter(field_name="access_level", choices=Plan.choices)
    minRating = django_filters.NumberFilter(
        field_name="rating", lookup_expr="gte", min_value=0, max_value=5
    )
    kind = django_filters.ChoiceFilter(choices=MovieKind.choices)
    person = django_filters.CharFilter(method="by_person", max_length=140)

    class Meta:
        model = Movie
        fields: list[str] = []

    def by_category(self, movies: QuerySet[Movie], _name: str, value: str) -> QuerySet[Movie]:
        """Filter by a category's slug or id; an inactive category matches nothing.

        A scalar subquery instead of a join, so that the index by category also gives the order.
        """
        wanted = Q(slug=value)
        if category_id := uuid_or_none(value):
            wanted |= Q(pk=category_id)
        categories = Category.objects.filter(wanted, active=True).order_by("pk")
        return movies.filter(category_id=Subquery(categories.values("pk")[:1]))

    def by_genre(self, movies: QuerySet[Movie], _name: str, value: str) -> QuerySet[Movie]:
        return movies.filter(genres__contains=[value])

    def by_language(self, movies: QuerySet[Movie], _name: str, value: str) -> QuerySet[Movie]:
        """Filter by name or tag, of the film itself or of an audio track such as a VJ narration."""
        wanted = Q(audio_languages__contains=[language_tag(value)])
        for name in language_names(value):
            wanted |= Q(language__iexact=name)
        return movies.filter(wanted)

    def by_person(self, movies: QuerySet[Movie], _name: str, value: str) -> QuerySet[Movie]:
        """Filter by the slug of a credited person, whatever the job."""
        return movies.filter(pk__in=Movie.objects.filter(credits__person__slug=value).values("pk"))


class SearchFilter(FilmFilter):
    """Filters of search results. `q` is checked here and matched by `catalog.selectors.search`."""

    q = django_filters.CharFilter(method="leave", max_length=LONGEST_QUERY)

    def leave(self, movies: QuerySet[Movie], _name: str, _value: str) -> QuerySet[Movie]:
        return movies

    @staticmethod
    def check(query: QueryDict) -> None:
        """Raise InvalidInput when `q` is too long or holds a null character."""
        text = query.get("q", "")
        if len(text) > LONGEST_QUERY or "\0" in text:
            fault = gettext("At most %(count)s characters of plain text.") % {
                "count": LONGEST_QUERY
            }
            raise InvalidInput("This cannot be searched for.", fields={"q": [fault]})


class SeriesFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    category = django_filters.CharFilter(field_name="category__slug", max_length=90)
    genre = django_filters.CharFilter(method="by_genre", max_length=60)

    class Meta:
        model = Series
        fields: list[str] = []

    def by_genre(self, series: QuerySet[Series], _name: str, value: str) -> QuerySet[Series]:
        return series.filter(genres__contains=[value])


class MovieFilter(FilmFilter):
    """Filters of film lists. `sort` is checked here and applied by the page's cursor."""

    sort = django_filters.ChoiceFilter(
        choices=list(SORT_LABELS.items()), method="leave", empty_label=None
    )

    def leave(self, movies: QuerySet[Movie], _name: str, _value: str) -> QuerySet[Movie]:
        return movies

    def filter_queryset(self, queryset: MovieQuerySet) -> QuerySet[Movie]:
        """Leave out episodes, unless `kind` asks for them: they are listed in their series."""
        if not self.form.cleaned_data.get("kind"):
            queryset = queryset.without_episodes()
        narrowed: QuerySet[Movie] = super().filter_queryset(queryset)
        return narrowed


def ordering_of(query: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ordering that a valid query asks for."""
    return SORTS.get(query.get("sort") or "newest", NEWEST)
