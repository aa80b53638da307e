"""API of watch history: `users/history`."""

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
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
from catalog.selectors.continue_watching import LAST_FILMS, ContinueRow, continue_watching_rows
from catalog.selectors.history import HISTORY, HISTORY_LATEST
from catalog.selectors.lists import movie_of
from catalog.services.history import history_clear, history_remove
from kushfilms.core.api.fast_serializers import LeanSerializer
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.throttles import limited
from kushfilms.core.errors import InvalidInput

UNFINISHED = OpenApiParameter(
    "unfinished",
    OpenApiTypes.BOOL,
    description="`true`: only films to continue. A finished episode is replaced by the next one.",
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


def watched_json(row: Any) -> dict[str, Any]:
    """Return `WatchedOutput` of a line of `HISTORY`, without its card."""
    return {
        "watchedMovieId": row.movie_id,
        "progress": row.progress,
        "completed": row.completed,
        "watchedAt": row.watched_at,
    }


def continue_json(row: ContinueRow) -> dict[str, Any]:
    """Return `WatchedOutput` of a film to continue, which is never completed, without its card."""
    return {
        "watchedMovieId": row.watched_id,
        "progress": row.progress,
        "completed": False,
        "watchedAt": row.watched_at,
    }


def history_json(rows: Sequence[Any], cards: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return `WatchedOutput` of those lines of `HISTORY` that have a card."""
    return [
        {"movie": cards[row.movie_id], **watched_json(row)} for row in rows if row.movie_id in cards
    ]


class HistoryView(ListAPIView[WatchHistory]):
    permission_classes = [SignedIn]
    serializer_class = WatchedOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []
    queryset = WatchHistory.objects.none()  # for the schema

    @extend_schema(
        summary="List your watch history",
        description="Latest first. `unfinished=true` lists what to continue watching.",
        operation_id="users_history_list",
        parameters=[UNFINISHED],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._continue_watching(request) if self._unfinished() else self._history(request)

    def _history(self, request: Request) -> Response:
        pages = LimitedCursorPagination()
        rows = pages.paginate_keyset(HISTORY, request, user_id=principal(request).user_id)
        cards = cards_of([row.movie_id for row in rows])
        return pages.get_paginated_response(history_json(rows, cards))

    def _continue_watching(self, request: Request) -> Response:
        pages = LimitedCursorPagination()
        me = principal(request).user_id
        # Later pages are cut from the whole list.
        most = LAST_FILMS if "cursor" in request.query_params else pages.get_page_size(request) + 1
        found = continue_watching_rows(me, most=most, **audience_of(request))
        rows = pages.paginate_list(found, request, ordering=HISTORY_LATEST)
        cards = cards_of([row.film_id for row in rows])
        return pages.get_paginated_response(
            [
                {"movie": cards[row.film_id], **continue_json(row)}
                for row in rows
                if row.film_id in cards
            ]
        )

    @extend_schema(
        summary="Clear your watch history",
        description="Removes every film. Idempotent.",
        operation_id="users_history_clear",
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        history_clear(principal(request).user_id)
        return Response(status=204)

    def _unfinished(self) -> bool:
        value = self.request.query_params.get("unfinished", "false")
        if value not in {"true", "false"}:
            fault = "true or false."
            raise InvalidInput("unfinished cannot be used.", fields={"unfinished": [fault]})
        return value == "true"


class HistoryFilmView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("keeping")]

    @extend_schema(
        summary="Remove a film from your history",
        description="Idempotent.",
        operation_id="users_history_remove",
        responses={204: None},
    )
    def delete(self, request: Request, reference: str) -> Response:
        me = principal(request).user_id
        history_remove(movie_of(me, reference, rows=WatchHistory.objects.all()), user_id=me)
        return Response(status=204)
