"""API of staff for films: `admin/movies`."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import needs
from catalog.api.admin.serializers import (
    AdminMovieCard,
    AdminMovieOutput,
    FeatureInput,
    MovieCreateInput,
    MovieInput,
    ScheduleInput,
    UnpublishInput,
)
from catalog.models import Movie
from catalog.selectors.admin import (
    category_for_staff,
    movie_for_staff,
    movies_for_staff,
    season_get,
)
from catalog.services.credits import CreditLine, movie_credits_set
from catalog.services.deletion import movie_delete, movie_restore
from catalog.services.film_edits import movie_add, movie_update
from catalog.services.films import movie_feature, movie_publish, movie_unpublish
from catalog.services.schedule import movie_schedule
from kushfilms.core.api.fields import LineField
from kushfilms.core.api.pagination import NumberedPagination
from kushfilms.core.api.validation import validated, validated_query
from kushfilms.core.errors import InvalidInput, NotFound

VERBS = {"POST": "add", "PUT": "change", "DELETE": "delete"}


# Each method needs the permission of its verb on one model, by the role matrix. A comment, because
# a docstring would appear in the API's description of every view.
class AdminPermissions:
    model = "movie"
    verbs = VERBS
    request: Any

    def get_permissions(self) -> list[BasePermission]:
        method = self.request.method if self.request is not None else "GET"
        return [needs(f"catalog.{self.verbs.get(str(method), 'view')}_{self.model}")()]


class MovieQuery(serializers.Serializer[Any]):
    search = LineField(required=False, allow_blank=True, max_length=200)
    published = serializers.BooleanField(required=False, allow_null=True, default=None)
    playable = serializers.BooleanField(required=False, allow_null=True, default=None)
    category = LineField(required=False, allow_blank=True, max_length=90)
    deleted = serializers.BooleanField(required=False, default=False)


@extend_schema_view(
    get=extend_schema(
        summary="List films for staff",
        description="All films, newest first, whatever their state. Deleted films are listed with "
        "`deleted=true` only.",
        operation_id="admin_movies_list",
        parameters=[
            OpenApiParameter("search", str, description="Part of a title or of a person's name."),
            OpenApiParameter(
                "published", bool, description="Only published films, or only others."
            ),
            OpenApiParameter(
                "playable", bool, description="Only films with a finished video, or others."
            ),
            OpenApiParameter("category", str, description="Id or slug of a category."),
            OpenApiParameter(
                "deleted", bool, description="`true`: only deleted films that can be restored."
            ),
        ],
    )
)
class AdminMovieListView(AdminPermissions, ListAPIView[Movie]):
    serializer_class = AdminMovieCard
    pagination_class = NumberedPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Movie]:
        return movies_for_staff(**validated_query(MovieQuery, self.request))

    @extend_schema(
        summary="Create a draft film",
        description="Upload its video with its id through `admin/videos/upload-url`. People may be "
        "given as `credits`, or by name in `director`, `cast` and `vjs`.",
        operation_id="admin_movies_create",
        request=MovieCreateInput,
        responses={201: AdminMovieOutput},
    )
    def post(self, request: Request) -> Response:
        values, lines = _changes(validated(MovieCreateInput, request))
        with transaction.atomic():
            movie = movie_add(changes=values)
            if lines is not None:
                movie_credits_set(movie, lines)
        return Response(AdminMovieOutput(movie_for_staff(movie.pk)).data, status=201)


class AdminMovieView(AdminPermissions, APIView):
    @extend_schema(
        summary="Get a film for staff",
        description="All fields of a film that is not deleted, with its credits.",
        operation_id="admin_movies_retrieve",
        responses=AdminMovieOutput,
    )
    def get(self, request: Request, movie_id: UUID) -> Response:
        return Response(AdminMovieOutput(movie_for_staff(movie_id)).data)

    @extend_schema(
        summary="Update a film",
        description="Fields that are left out keep their value. A new title gives a new slug; the "
        "old one redirects to it.",
        operation_id="admin_movies_update",
        request=MovieInput,
        responses=AdminMovieOutput,
    )
    def put(self, request: Request, movie_id: UUID) -> Response:
        movie = movie_for_staff(movie_id)
        values, lines = _changes(validated(MovieInput, request))
        with transaction.atomic():
            movie_update(movie, changes=values)
            if lines is not None:
                movie_credits_set(movie, lines)
        return Response(AdminMovieOutput(movie_for_staff(movie_id)).data)

    @extend_schema(
        summary="Delete a film",
        description="Its streams end at once. It can be restored for 30 days.",
        operation_id="admin_movies_destroy",
        responses={204: None},
    )
    def delete(self, request: Request, movie_id: UUID) -> Response:
        movie_delete(movie_for_staff(movie_id), now=timezone.now())
        return Response(status=204)


class MovieRestoreView(AdminPermissions, APIView):
    @extend_schema(
        summary="Restore a deleted film",
        description="The film becomes a draft again, within 30 days of its deletion.",
        operation_id="admin_movies_restore",
        request=None,
        responses=AdminMovieOutput,
    )
    def post(self, request: Request, movie_id: UUID) -> Response:
        return Response(AdminMovieOutput(movie_for_staff(movie_restore(movie_id).pk)).data)


def _changes(values: dict[str, Any]) -> tuple[dict[str, Any], list[CreditLine] | None]:
    """Resolve ids to rows and split off credits. An unknown id is an error of its field."""
    credited = values.pop("credits", None)
    if credited is not None and values.keys() & {"director", "cast", "vjs"}:
        fault = "Give the credits, or director, cast and vjs; not both."
        raise InvalidInput(fault, fields={"credits": [fault]})
    for name, find in (("category", category_for_staff), ("season", season_get)):
        if f"{name}_id" in values:
            row_id = values.pop(f"{name}_id")
            values[name] = row_of(find, row_id, field=f"{name}_id") if row_id else None
    lines = None if credited is None else [CreditLine(**line) for line in credited]
    return values, lines


def row_of(find: Any, row_id: UUID, *, field: str) -> Any:
    try:
        return find(row_id)
    except NotFound as exc:
        raise InvalidInput("Check the marked fields.", fields={field: [exc.message]}) from exc


class AdminMovieActionView(APIView):
    permission_classes = [needs("catalog.publish_movie")]


class MoviePublishView(AdminMovieActionView):
    @extend_schema(
        summary="Publish a film",
        description="Idempotent. 409 `not_ready` while it has nothing to play, `taken_down` while a"
        " copyright claim is in force.",
        request=None,
        responses={200: AdminMovieOutput, 409: None},
    )
    def post(self, request: Request, movie_id: UUID) -> Response:
        movie_publish(movie_for_staff(movie_id), now=timezone.now())
        return Response(AdminMovieOutput(movie_for_staff(movie_id)).data)


class MovieUnpublishView(AdminMovieActionView):
    @extend_schema(
        summary="Unpublish a film",
        description="Hides the film at once and ends its streams. Idempotent.",
        request=UnpublishInput,
        responses=AdminMovieOutput,
    )
    def post(self, request: Request, movie_id: UUID) -> Response:
        reason = validated(UnpublishInput, request)["reason"]
        movie_unpublish(movie_for_staff(movie_id), reason=reason)
        return Response(AdminMovieOutput(movie_for_staff(movie_id)).data)


class MovieScheduleView(AdminMovieActionView):
    @extend_schema(
        summary="Schedule a publication",
        description="The film is published at this time, or as soon after it as it can be played. "
        "Null cancels the schedule.",
        request=ScheduleInput,
        responses=AdminMovieOutput,
    )
    def post(self, request: Request, movie_id: UUID) -> Response:
        publish_at = validated(ScheduleInput, request)["publish_at"]
        movie_schedule(movie_for_staff(movie_id), publish_at=publish_at, now=timezone.now())
        return Response(AdminMovieOutput(movie_for_staff(movie_id)).data)


class MovieFeatureView(AdminMovieActionView):
    @extend_schema(
        summary="Feature a film on the home page",
        description="`featured` false removes it. Idempotent.",
        request=FeatureInput,
        responses=AdminMovieOutput,
    )
    def post(self, request: Request, movie_id: UUID) -> Response:
        movie_feature(
            movie_for_staff(movie_id), featured=validated(FeatureInput, request)["featured"]
        )
        return Response(AdminMovieOutput(movie_for_staff(movie_id)).data)
