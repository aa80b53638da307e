"""Public API of films and categories. The responses are the same for every viewer of a country."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.cards import CardListView
from catalog.api.film_details import film_detail
from catalog.api.serializers import CategoryOutput, MovieOutput
from catalog.audience import audience_of
from catalog.models import Category, Movie
from catalog.selectors import (
    CATEGORY_ORDER,
    SORTS,
    categories_active,
    category_get,
    category_id_get,
    movies_listed,
)
from catalog.selectors.films import FILMS_OF_CATEGORY, FILMS_SORTED
from catalog.selectors.filters import MovieFilter, ordering_of
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.public_read import PublicRead
from kushfilms.core.api.throttles import limited
from kushfilms.core.db.keyset import KeysetList
from kushfilms.core.public_cache import SHOWN


@extend_schema_view(
    get=extend_schema(
        summary="List films",
        description="Films that can be watched now in your country. Episodes are listed only with "
        "`kind=EPISODE`.",
    )
)
class MovieListView(CardListView):
    filter_backends = [DjangoFilterBackend]
    filterset_class = MovieFilter

    def get_queryset(self) -> QuerySet[Movie]:
        return movies_listed(**audience_of(self.request))

    def get_ordering(self) -> tuple[str, ...]:
        return ordering_of(self.request.query_params)

    def compiled(self) -> tuple[KeysetList, dict[str, Any]] | None:
        query = self.request.query_params
        sort = query.get("sort") or "newest"
        if sort not in SORTS or not set(query) <= {"sort", "limit", "cursor"}:
            return None
        audience = audience_of(self.request)
        if "slug" in self.kwargs:
            category = category_id_get(self.kwargs["slug"])
            return FILMS_OF_CATEGORY[sort], {**audience, "category_id": category}
        return FILMS_SORTED[sort], {**audience}


@extend_schema_view(
    get=extend_schema(
        summary="List the films of a category",
        description="Takes the filters of the list of films.",
    )
)
class CategoryMovieListView(MovieListView):
    def get_queryset(self) -> QuerySet[Movie]:
        movies = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):  # the schema is generated without a slug
            return movies
        return movies.filter(category=category_get(self.kwargs["slug"]))


class MovieView(PublicRead):
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    @extend_schema(
        summary="Get a film",
        description="By id, slug or former slug. `unavailable` explains why it cannot be watched.",
        operation_id="movies_retrieve",
        responses=MovieOutput,
    )
    def get(self, request: Request, reference: str) -> Response:
        detail = film_detail(reference, **audience_of(request))
        request.META[SHOWN] = detail.shown
        return Response(detail.json)


@extend_schema_view(
    get=extend_schema(
        summary="List categories",
        description="Active categories in their display order.",
    )
)
class CategoryListView(PublicRead, ListAPIView[Category]):
    serializer_class = CategoryOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    def get_queryset(self) -> QuerySet[Category]:
        return categories_active()

    def get_ordering(self) -> tuple[str, ...]:
        return CATEGORY_ORDER


class CategoryView(PublicRead):
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    @extend_schema(
        summary="Get a category",
        description="By id, slug or former slug.",
        operation_id="categories_retrieve",
        responses=CategoryOutput,
    )
    def get(self, request: Request, slug: str) -> Response:
        return Response(CategoryOutput(category_get(slug)).data)
