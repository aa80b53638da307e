"""Public API of search: `movies/search` and `movies/suggest`."""

import builtins
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.search_results import SEARCH_RESULTS, search_result_json
from catalog.api.serializers import EpisodePosition, MovieCard, episode_position
from catalog.api.series import SeriesCard
from catalog.audience import Audience, audience_of
from catalog.models import Movie
from catalog.selectors.filters import SearchFilter
from catalog.selectors.search import (
    BEST,
    LONGEST_QUERY,
    ParsedQuery,
    movies_found,
    query_parse,
    series_found,
)
from catalog.selectors.suggest import Suggestion, SuggestionKind, suggestions
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.public_read import PublicRead
from kushfilms.core.api.throttles import limited

Q = OpenApiParameter(
    "q",
    {"type": "string", "maxLength": LONGEST_QUERY},
    description="Text to search for.",
)


class FoundMovie(MovieCard):
    """A film, or an episode with its position."""

    series = serializers.SerializerMethodField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return dict(serializers.Serializer.to_representation(self, instance))

    @extend_schema_field(EpisodePosition(allow_null=True))
    def get_series(self, movie: Movie) -> dict[str, Any] | None:
        return episode_position(movie)


class SearchPagination(LimitedCursorPagination):
    """Pages of films; the first page also lists series."""

    def paginate_queryset(  # type: ignore[override]  # a keyset needs a queryset
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        rows = super().paginate_queryset(queryset, request, view)
        self.series = [] if request.query_params.get("cursor") else view.series()
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        answer = super().get_paginated_response(data)
        answer.data["series"] = SeriesCard(self.series, many=True).data
        return answer

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described = super().get_paginated_response_schema(schema)
        card = {"$ref": "#/components/schemas/SeriesCard"}
        described["properties"]["series"] = {"type": "array", "items": card}
        described["required"] = [*described["required"], "series"]
        return described


@extend_schema_view(
    get=extend_schema(
        summary="Search films and series",
        description="Matches titles, people, genres and descriptions, best first, and corrects "
        "typing errors. Matching series are listed on the first page.",
    )
)
class SearchView(PublicRead, ListAPIView[Movie]):
    serializer_class = FoundMovie
    pagination_class = SearchPagination
    filter_backends = [DjangoFilterBackend]
    filterset_class = SearchFilter
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    @cached_property
    def audience(self) -> Audience:
        return audience_of(self.request)

    @cached_property
    def parsed(self) -> ParsedQuery:
        return query_parse(self.request.query_params.get("q", ""))

    def get_queryset(self) -> QuerySet[Movie]:
        if getattr(self, "swagger_fake_view", False):  # the schema is generated without a query
            return Movie.objects.none()
        return movies_found(self.parsed, **self.audience)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        # Nearly every search is unfiltered and takes the faster path over plain values.
        SearchFilter.check(request.query_params)
        if not self.parsed.query or not set(request.query_params) <= {"q", "limit", "cursor"}:
            return super().list(request, *args, **kwargs)
        pages = SearchPagination()
        parsed = self.parsed
        values = {"plain": parsed.plain, "query": parsed.query, "best": parsed.best}
        rows = pages.paginate_keyset(SEARCH_RESULTS, request, **values, **self.audience)
        pages.series = [] if request.query_params.get("cursor") else self.series()
        return pages.get_paginated_response([search_result_json(row) for row in rows])

    def series(self) -> builtins.list[Any]:
        return series_found(self.parsed, **self.audience)

    def get_ordering(self) -> tuple[str, ...]:
        return BEST


class SuggestionOutput(serializers.Serializer[Suggestion]):
    type = serializers.ChoiceField(choices=[kind.value for kind in SuggestionKind], source="kind")
    id = serializers.UUIDField()
    slug = serializers.CharField()
    title = serializers.CharField(help_text="The name, for a person.")


class SuggestionList(serializers.Serializer[Any]):
    results = SuggestionOutput(many=True)


class SuggestView(PublicRead):
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    @extend_schema(
        summary="Suggest names while typing",
        description="At most eight films, series and people whose names begin with the text, or "
        "nearly.",
        parameters=[Q],
        responses=SuggestionList,
    )
    def get(self, request: Request) -> Response:
        SearchFilter.check(request.query_params)
        found = suggestions(request.query_params.get("q", ""), **audience_of(request))
        return Response(SuggestionList({"results": found}).data)
