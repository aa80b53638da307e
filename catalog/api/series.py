"""Public API of series: `/api/v1/series`."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.serializers import CategoryReference, EpisodeReference, MovieCard
from catalog.audience import audience_of
from catalog.filters import SeriesFilter
from catalog.models import Series
from catalog.selectors import NEWEST, series_get, series_listed, series_seasons
from catalog.selectors.series import SeasonShown, episode_first
from kushfilms.core.api.fields import PictureURLField
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.public_read import PublicRead
from kushfilms.core.api.throttles import limited


class SeriesCard(serializers.Serializer[Any]):
    """A series in a list."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    slug = serializers.CharField()
    description = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    language = serializers.CharField()
    country = serializers.CharField()
    genres = serializers.ListField(child=serializers.CharField())
    posterUrl = PictureURLField(source="poster_url")
    backdropUrl = PictureURLField(source="backdrop_url")
    featured = serializers.BooleanField()
    followerCount = serializers.IntegerField(source="follower_count")
    publishedAt = serializers.DateTimeField(source="published_at")
    category = CategoryReference(allow_null=True)


class EpisodeCard(MovieCard):
    episode = serializers.IntegerField(source="episode_number")


class SeasonOutput(serializers.Serializer[SeasonShown]):
    id = serializers.UUIDField(source="season.id")
    number = serializers.IntegerField(source="season.number", help_text="0: specials.")
    title = serializers.CharField(source="season.title")
    episodes = EpisodeCard(many=True)


class SeriesOutput(SeriesCard):
    seasons = serializers.SerializerMethodField()
    nextEpisode = serializers.SerializerMethodField(
        "first_episode", help_text="The first episode, for a viewer who is new to the series."
    )

    @extend_schema_field(SeasonOutput(many=True))
    def get_seasons(self, _: Series) -> list[Any]:
        return list(SeasonOutput(self.context["seasons"], many=True).data)

    @extend_schema_field(EpisodeReference(allow_null=True))
    def first_episode(self, _: Series) -> dict[str, Any] | None:
        first = episode_first(self.context["seasons"])
        return dict(EpisodeReference(first).data) if first else None


@extend_schema_view(
    get=extend_schema(
        summary="List series",
        description="Published series with something to watch, newest first.",
    )
)
class SeriesListView(PublicRead, ListAPIView[Series]):
    serializer_class = SeriesCard
    pagination_class = LimitedCursorPagination
    filter_backends = [DjangoFilterBackend]
    filterset_class = SeriesFilter
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    def get_queryset(self) -> QuerySet[Series]:
        return series_listed(**audience_of(self.request))

    def get_ordering(self) -> tuple[str, ...]:
        return NEWEST


class SeriesView(PublicRead):
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    @extend_schema(
        summary="Get a series",
        description="With its seasons in order, specials last, and the episodes that can be "
        "watched.",
        operation_id="series_retrieve",
        responses=SeriesOutput,
    )
    def get(self, request: Request, slug: str) -> Response:
        series = series_get(slug)
        seasons = series_seasons(series, **audience_of(request))
        return Response(SeriesOutput(series, context={"seasons": seasons}).data)
