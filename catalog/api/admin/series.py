"""API of staff for series, seasons and episodes: `admin/series` and `admin/seasons`."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.admin.categories import SEARCH, SearchQuery
from catalog.api.admin.movies import AdminPermissions, row_of
from catalog.api.admin.serializers import (
    AdminSeriesCard,
    AdminSeriesOutput,
    EpisodeOrderInput,
    EpisodePositionInput,
    SeasonInput,
    SeriesCreateInput,
    SeriesInput,
)
from catalog.models import Series
from catalog.selectors.admin import (
    category_for_staff,
    movie_for_staff,
    season_get,
    series_for_staff,
    series_whole,
)
from catalog.services.episodes import episode_assign, episode_remove, episodes_order
from catalog.services.series import (
    season_create,
    season_delete,
    season_update,
    series_create,
    series_delete,
    series_publish,
    series_update,
)
from kushfilms.core.api.pagination import NumberedPagination
from kushfilms.core.api.validation import validated, validated_query
from kushfilms.core.errors import NotFound


def _changes(values: dict[str, Any]) -> dict[str, Any]:
    if "category_id" in values:
        row_id = values.pop("category_id")
        found = row_of(category_for_staff, row_id, field="category_id") if row_id else None
        values["category"] = found
    return values


def _whole(series_id: UUID, *, status: int = 200) -> Response:
    return Response(AdminSeriesOutput(series_whole(series_id)).data, status=status)


@extend_schema_view(
    get=extend_schema(
        summary="List series for staff",
        description="All series, by title, whatever their state.",
        operation_id="admin_series_list",
        parameters=[SEARCH],
    )
)
class AdminSeriesListView(AdminPermissions, ListAPIView[Series]):
    model = "series"
    serializer_class = AdminSeriesCard
    pagination_class = NumberedPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Series]:
        return series_for_staff(**validated_query(SearchQuery, self.request))

    @extend_schema(
        summary="Create a series",
        description="Without a `slug` it is made from the title.",
        operation_id="admin_series_create",
        request=SeriesCreateInput,
        responses={201: AdminSeriesOutput},
    )
    def post(self, request: Request) -> Response:
        values = _changes(validated(SeriesCreateInput, request))
        published = values.pop("published", False)
        slug = values.pop("slug", None)
        with transaction.atomic():
            series = series_create(**values)
            if slug:
                series = series_update(series, changes={"slug": slug})
            if published:
                series_publish(series, published=True, now=timezone.now())
        return _whole(series.pk, status=201)


class AdminSeriesView(AdminPermissions, APIView):
    model = "series"

    @extend_schema(
        summary="Get a series for staff",
        description="A series with its seasons and their episodes, in order.",
        operation_id="admin_series_retrieve",
        responses=AdminSeriesOutput,
    )
    def get(self, request: Request, series_id: UUID) -> Response:
        return _whole(series_id)

    @extend_schema(
        summary="Update a series",
        description="Fields that are left out keep their value. A new title gives a new slug; the "
        "old one redirects to it.",
        operation_id="admin_series_update",
        request=SeriesInput,
        responses=AdminSeriesOutput,
    )
    def put(self, request: Request, series_id: UUID) -> Response:
        series = series_whole(series_id)
        values = _changes(validated(SeriesInput, request))
        published = values.pop("published", None)
        with transaction.atomic():
            series_update(series, changes=values)
            if published is not None:
                series_publish(series, published=published, now=timezone.now())
        return _whole(series_id)

    @extend_schema(
        summary="Delete an empty series",
        description="409 `has_episodes` while it has episodes.",
        operation_id="admin_series_destroy",
        responses={204: None, 409: None},
    )
    def delete(self, request: Request, series_id: UUID) -> Response:
        series_delete(series_whole(series_id))
        return Response(status=204)


class AdminSeasonListView(AdminPermissions, APIView):
    model = "season"

    @extend_schema(
        summary="Create a season",
        description="Returns the series with all its seasons.",
        operation_id="admin_seasons_create",
        request=SeasonInput,
        responses={201: AdminSeriesOutput},
    )
    def post(self, request: Request, series_id: UUID) -> Response:
        season_create(series_whole(series_id), **validated(SeasonInput, request))
        return _whole(series_id, status=201)


class AdminSeasonView(AdminPermissions, APIView):
    model = "season"

    @extend_schema(
        summary="Update a season",
        description="Changes number and title. Returns the series with all its seasons.",
        operation_id="admin_seasons_update",
        request=SeasonInput,
        responses=AdminSeriesOutput,
    )
    def put(self, request: Request, season_id: UUID) -> Response:
        season = season_update(season_get(season_id), changes=validated(SeasonInput, request))
        return _whole(season.series_id)

    @extend_schema(
        summary="Delete an empty season",
        description="409 `has_episodes` while it has episodes.",
        operation_id="admin_seasons_destroy",
        responses={204: None, 409: None},
    )
    def delete(self, request: Request, season_id: UUID) -> Response:
        season_delete(season_get(season_id))
        return Response(status=204)


class AdminEpisodeListView(AdminPermissions, APIView):
    model = "season"
    verbs = {"POST": "change", "PUT": "change"}

    @extend_schema(
        summary="Put a film into a season",
        description="Also moves an episode. 409 `episode_taken` when another film has the number.",
        operation_id="admin_episodes_place",
        request=EpisodePositionInput,
        responses={200: AdminSeriesOutput, 409: None},
    )
    def post(self, request: Request, season_id: UUID) -> Response:
        season = season_get(season_id)
        values = validated(EpisodePositionInput, request)
        movie = row_of(movie_for_staff, values["movie_id"], field="movie_id")
        episode_assign(movie, season=season, number=values["number"])
        return _whole(season.series_id)

    @extend_schema(
        summary="Reorder a season",
        description="List every episode once; the episodes are numbered from 1 in this order.",
        operation_id="admin_episodes_order",
        request=EpisodeOrderInput,
        responses=AdminSeriesOutput,
    )
    def put(self, request: Request, season_id: UUID) -> Response:
        season = season_get(season_id)
        episodes_order(season, movie_ids=validated(EpisodeOrderInput, request)["movie_ids"])
        return _whole(season.series_id)


class AdminEpisodeView(AdminPermissions, APIView):
    model = "season"
    verbs = {"DELETE": "change"}

    @extend_schema(
        summary="Take an episode out of its season",
        description="The film stays, on its own.",
        operation_id="admin_episodes_remove",
        responses={204: None},
    )
    def delete(self, request: Request, season_id: UUID, movie_id: UUID) -> Response:
        movie = movie_for_staff(movie_id)
        if movie.season_id != season_get(season_id).pk:
            raise NotFound("This season has no such episode.")
        episode_remove(movie)
        return Response(status=204)
