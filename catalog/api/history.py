"""`users/history`: what a viewer watched, and where they go on."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from orjson import Fragment
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from catalog.api.cards import cards_of
from catalog.api.serializers import MovieCard
from catalog.audience import audience_of
from catalog.models import WatchHistory
from catalog.selectors.history import GOING_ON, HISTORY
from catalog.selectors.kept import movie_of
from catalog.services.history import history_clear, history_remove
from kushfilms.core.api.lean import LeanSerializer
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


def watched_json(row: Any, card: Fragment) -> dict[str, Any]:
    """`WatchedOutput` of a line of `HISTORY` or `GOING_ON`, by the card of its `film_of`."""
    goes_on = row.completed and row.next_id
    return {
        "movie": card,
        "watchedMovieId": row.movie_id,
        "progress": 0 if goes_on else row.progress,
        "completed": row.completed and not goes_on,
        "watchedAt": row.watched_at,
    }


def film_of(row: Any) -> str:
    """What a line shows: a finished episode that has a next one gives way to it."""
    film: str = (row.completed and row.next_id) or row.movie_id
    return film


class HistoryView(ListAPIView[WatchHistory]):
    permission_classes = [SignedIn]
    serializer_class = WatchedOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []
    queryset = WatchHistory.objects.none()  # for the schema

    @extend_schema(operation_id="users_history_list", parameters=[UNFINISHED])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What one watched, latest first."""
        pages, me = LimitedCursorPagination(), principal(request).user_id
        if self._unfinished():
            audience = audience_of(request)
            rows = pages.paginate_keyset(GOING_ON, request, user_id=me, **audience)
        else:
            rows = pages.paginate_keyset(HISTORY, request, user_id=me)
        cards = cards_of([film_of(row) for row in rows])
        there = [(row, cards.get(film_of(row))) for row in rows]
        return pages.get_paginated_response(
            [watched_json(row, card) for row, card in there if card]
        )

    @extend_schema(operation_id="users_history_clear", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Forget all of it."""
        history_clear(principal(request).user_id)
        return Response(status=204)

    def _unfinished(self) -> bool:
        asked = self.request.query_params.get("unfinished", "false")
        if asked not in {"true", "false"}:
            fault = "true or false."
            raise InvalidInput("unfinished cannot be used.", fields={"unfinished": [fault]})
        return asked == "true"


class HistoryFilmView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [KeepingThrottle]

    @extend_schema(operation_id="users_history_remove", responses={204: None})
    def delete(self, request: Request, reference: str) -> Response:
        """Forget one film; also one that was never watched."""
        me = principal(request).user_id
        history_remove(movie_of(me, reference, rows=WatchHistory.objects.all()), user_id=me)
        return Response(status=204)
