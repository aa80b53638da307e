"""API of recommendations: `users/recommendations`."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from catalog.api.serializers import MovieCard
from catalog.audience import audience_of
from catalog.selectors.recommendations import recommendations_for
from kushfilms.core.api.pagination import LimitedCursorPagination


class BecauseOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    slug = serializers.CharField()


class RecommendedOutput(serializers.Serializer[Any]):
    """`because` is the watched film it relates to; null for a popular film."""

    movie = MovieCard()
    because = BecauseOutput(allow_null=True)


class RecommendationsOutput(serializers.Serializer[Any]):
    """The shape of every list; there is one page only."""

    results = RecommendedOutput(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class RecommendationsView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="List recommendations",
        description="Best first: films of your plan that you have neither begun nor finished.",
        operation_id="users_recommendations",
        parameters=[OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 100})],
        responses=RecommendationsOutput,
    )
    def get(self, request: Request) -> Response:
        limit = LimitedCursorPagination().get_page_size(request)
        found = recommendations_for(principal(request), limit=limit, **audience_of(request))
        body = {"results": found, "next": None, "previous": None}
        return Response(RecommendationsOutput(body).data)
