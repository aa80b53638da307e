"""`/api/v1/movies` and `/api/v1/categories`: public reads, the same bytes for everyone."""

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.serializers import CategoryOutput, MovieCard, MovieOutput
from catalog.audience import audience_of
from catalog.entitlement import film_refusal
from catalog.filters import MovieFilter, ordering_of
from catalog.models import Category, Movie
from catalog.selectors import (
    CATEGORY_ORDER,
    categories_active,
    category_get,
    episode_next,
    movie_detail,
    movies_listed,
)
from kushfilms.core.api.caching import PublicRead
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.throttles import limited


class MovieListView(PublicRead, ListAPIView[Movie]):
    serializer_class = MovieCard
    pagination_class = LimitedCursorPagination
    filter_backends = [DjangoFilterBackend]
    filterset_class = MovieFilter
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    def get_queryset(self) -> QuerySet[Movie]:
        return movies_listed(**audience_of(self.request))

    def get_ordering(self) -> tuple[str, ...]:
        return ordering_of(self.request.query_params)


class CategoryMovieListView(MovieListView):
    """The same list and filters within one category."""

    def get_queryset(self) -> QuerySet[Movie]:
        movies = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):  # the schema has no slug to look up
            return movies
        return movies.filter(category=category_get(self.kwargs["slug"]))


class MovieView(PublicRead):
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    @extend_schema(operation_id="movies_retrieve", responses=MovieOutput)
    def get(self, request: Request, reference: str) -> Response:
        """By id, slug or a slug it once had; `unavailable` says why it cannot be watched."""
        movie, audience = movie_detail(reference), audience_of(request)
        context = {
            "next_episode": episode_next(movie, **audience),
            "refusal": film_refusal(movie, **audience),
        }
        return Response(MovieOutput(movie, context=context).data)


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

    @extend_schema(operation_id="categories_retrieve", responses=CategoryOutput)
    def get(self, request: Request, slug: str) -> Response:
        return Response(CategoryOutput(category_get(slug)).data)
