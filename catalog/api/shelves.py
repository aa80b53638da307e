"""`movies/featured`, `recent`, `trending` and `:id/related`: shelves, public reads."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.serializers import MovieCard, MovieList
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
from kushfilms.core.api.caching import PublicRead
from kushfilms.core.api.pagination import LimitedCursorPagination, limit_of
from kushfilms.core.api.throttles import limited

LIMIT = OpenApiParameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}, required=False
)


class ShelfView(PublicRead, ListAPIView[Movie]):
    serializer_class = MovieCard
    pagination_class = LimitedCursorPagination
    filter_backends = []
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    def get_ordering(self) -> tuple[str, ...]:
        return NEWEST


class FeaturedView(ShelfView):
    """What staff put forward, newest first."""

    def get_queryset(self) -> QuerySet[Movie]:
        return movies_featured(**audience_of(self.request))


class RecentView(ShelfView):
    """What came last, without episodes."""

    def get_queryset(self) -> QuerySet[Movie]:
        return movies_recent(**audience_of(self.request))


class TrendingView(PublicRead):
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    @extend_schema(parameters=[LIMIT], responses=MovieList)
    def get(self, request: Request) -> Response:
        """What staff have marked, then the most played lately, best first."""
        return _shelf(movies_trending(limit=limit_of(request), **audience_of(request)))


class RelatedView(PublicRead):
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    @extend_schema(parameters=[LIMIT], responses=MovieList)
    def get(self, request: Request, reference: str) -> Response:
        """What those who watched this watch, or what is like it; best first."""
        movie, limit = movie_get(reference), limit_of(request)
        return _shelf(movies_related(movie, limit=limit, **audience_of(request)))


def _shelf(movies: list[Movie]) -> Response:
    body: dict[str, Any] = {"results": movies}
    return Response(MovieList(body).data)
