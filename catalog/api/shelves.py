"""Public API of `movies/featured`, `recent`, `trending` and `:id/related`."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.cards import CardListView
from catalog.api.serializers import MovieList
from catalog.audience import audience_of
from catalog.models import Movie
from catalog.selectors import (
    NEWEST,
    movie_get,
    movies_featured,
    movies_recent,
    movies_related,
    movies_trending,
)
from kushfilms.core.api.pagination import limit_of
from kushfilms.core.api.public_read import PublicRead
from kushfilms.core.api.throttles import limited

LIMIT = OpenApiParameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}, required=False
)


class ShelfView(CardListView):
    filter_backends = []

    def get_ordering(self) -> tuple[str, ...]:
        return NEWEST


@extend_schema_view(
    get=extend_schema(
        summary="List featured films",
        description="Chosen by staff, newest first.",
    )
)
class FeaturedView(ShelfView):
    def get_queryset(self) -> QuerySet[Movie]:
        return movies_featured(**audience_of(self.request))


@extend_schema_view(
    get=extend_schema(
        summary="List new films",
        description="Newest first, without episodes.",
    )
)
class RecentView(ShelfView):
    def get_queryset(self) -> QuerySet[Movie]:
        return movies_recent(**audience_of(self.request))


class TrendingView(PublicRead):
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    @extend_schema(
        summary="List trending films",
        description="Films marked by staff, then the most played of the last weeks, best first.",
        parameters=[LIMIT],
        responses=MovieList,
    )
    def get(self, request: Request) -> Response:
        return _shelf(movies_trending(limit=limit_of(request), **audience_of(request)))


class RelatedView(PublicRead):
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    @extend_schema(
        summary="List related films",
        description="Watched by the same viewers, or similar; best first.",
        parameters=[LIMIT],
        responses=MovieList,
    )
    def get(self, request: Request, reference: str) -> Response:
        movie = movie_get(reference)
        limit = limit_of(request)
        return _shelf(movies_related(movie, limit=limit, **audience_of(request)))


def _shelf(movies: list[Movie]) -> Response:
    body: dict[str, Any] = {"results": movies}
    return Response(MovieList(body).data)
