"""`users/history`: what a viewer watched, and where they go on."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from catalog.api.cards import Card, cards_of
from catalog.api.serializers import MovieCard
from catalog.audience import audience_of
from catalog.models import WatchHistory
from catalog.selectors.history import (
    HISTORY,
    HISTORY_LATEST,
    history_going_on,
    history_lines,
)
from catalog.selectors.kept import movie_of
from catalog.services.history import history_clear, history_remove
from kushfilms.core.api.lean import LeanSerializer, moment_json
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.throttles import KeepingThrottle
from kushfilms.core.errors import InvalidInput

UNFINISHED = OpenApiParameter(
    "unfinished",
    OpenApiTypes.BOOL,
    description="`true`: only what to go on with. A finished episode gives way to the next one.",
)


class WatchedOutput(LeanSerializer):
    movie = MovieCard()
    watchedMovieId = serializers.UUIDField(
        source="watched_id",
        help_text="The film that was watched; `movie`, unless that is the next episode.",
    )
    progress = serializers.IntegerField(help_text="Seconds.")
    completed = serializers.BooleanField()
    watchedAt = serializers.DateTimeField(source="watched_at")


def watched_json(row: Any, card: Card) -> dict[str, Any]:
    """`WatchedOutput` of a line of `HISTORY`."""
    return {
        "movie": card,
        "watchedMovieId": str(row.movie_id),
        "progress": row.progress,
        "completed": row.completed,
        "watchedAt": moment_json(row.watched_at),
    }


class HistoryView(ListAPIView[WatchHistory]):
    permission_classes = [SignedIn]
    serializer_class = WatchedOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []

    @extend_schema(operation_id="users_history_list", parameters=[UNFINISHED])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What one watched, latest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(operation_id="users_history_clear", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Forget all of it."""
        history_clear(principal(request).user_id)
        return Response(status=204)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if self._unfinished():
            return super().list(request, *args, **kwargs)
        pages = LimitedCursorPagination()
        rows = pages.paginate_keyset(HISTORY, request, user_id=principal(request).user_id)
        cards = cards_of([row.movie_id for row in rows])
        return pages.get_paginated_response(
            [watched_json(row, cards[row.movie_id]) for row in rows if row.movie_id in cards]
        )

    def _unfinished(self) -> bool:
        asked = self.request.query_params.get("unfinished", "false")
        if asked not in {"true", "false"}:
            fault = "true or false."
            raise InvalidInput("unfinished cannot be used.", fields={"unfinished": [fault]})
        return asked == "true"

    def get_queryset(self) -> QuerySet[WatchHistory]:
        if getattr(self, "swagger_fake_view", False):  # the schema is nobody's
            return WatchHistory.objects.none()
        return history_going_on(principal(self.request).user_id, **audience_of(self.request))

    def get_ordering(self) -> tuple[str, ...]:
        return HISTORY_LATEST

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset) or ()
        return history_lines(rows, **audience_of(self.request))


class HistoryFilmView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [KeepingThrottle]

    @extend_schema(operation_id="users_history_remove", responses={204: None})
    def delete(self, request: Request, reference: str) -> Response:
        """Forget one film; also one that was never watched."""
        me = principal(request).user_id
        history_remove(movie_of(me, reference, rows=WatchHistory.objects.all()), user_id=me)
        return Response(status=204)
