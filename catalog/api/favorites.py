"""API of “My list”: `users/favorites`."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from catalog.api.cards import cards_of
from catalog.api.serializers import MovieCard
from catalog.models import Favorite
from catalog.selectors import movie_get
from catalog.selectors.lists import FAVORITES, movie_of
from catalog.services.favorites import favorite_add, favorite_remove
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.throttles import limited


class FavoriteOutput(serializers.Serializer[Any]):
    movieId = serializers.UUIDField(source="id")
    favorite = serializers.SerializerMethodField()
    favoriteCount = serializers.IntegerField(source="favorite_count")

    def get_favorite(self, _movie: Any) -> bool:
        return True


@extend_schema_view(
    get=extend_schema(
        summary="List “My list”",
        description="Published films on your list, added last first.",
        operation_id="users_favorites_list",
    )
)
class FavoriteListView(ListAPIView[Favorite]):
    permission_classes = [SignedIn]
    serializer_class = MovieCard
    pagination_class = LimitedCursorPagination
    filter_backends = []
    queryset = Favorite.objects.none()  # for the schema

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pages = LimitedCursorPagination()
        rows = pages.paginate_keyset(FAVORITES, request, user_id=principal(request).user_id)
        cards = cards_of([row.movie_id for row in rows])
        return pages.get_paginated_response(
            [cards[row.movie_id] for row in rows if row.movie_id in cards]
        )


class FavoriteView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("keeping")]

    @extend_schema(
        summary="Add a film to your list",
        description="Idempotent: 200 when the film is on the list already.",
        request=None,
        responses={200: FavoriteOutput, 201: FavoriteOutput},
    )
    def post(self, request: Request, reference: str) -> Response:
        movie = movie_get(reference)
        created = favorite_add(movie, user_id=principal(request).user_id, now=timezone.now())
        return Response(FavoriteOutput(movie).data, status=201 if created else 200)

    @extend_schema(
        summary="Remove a film from your list", description="Idempotent.", responses={204: None}
    )
    def delete(self, request: Request, reference: str) -> Response:
        me = principal(request).user_id
        favorite_remove(movie_of(me, reference, rows=Favorite.objects.all()), user_id=me)
        return Response(status=204)
