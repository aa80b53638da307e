"""API of a person's sessions."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from accounts.api.serializers import SessionOutput
from accounts.models import Session
from accounts.selectors import SESSION_ORDER, sessions_of
from accounts.services.sessions import other_sessions_revoke, own_session_revoke
from kushfilms.core.api.pagination import LimitedCursorPagination


@extend_schema_view(
    get=extend_schema(
        summary="List your devices",
        description="List your live sign-ins, the last used first.",
    )
)
class SessionListView(ListAPIView[Session]):
    permission_classes = [SignedIn]
    serializer_class = SessionOutput
    pagination_class = LimitedCursorPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Session]:
        if getattr(self, "swagger_fake_view", False):  # the schema has no person
            return Session.objects.none()
        return sessions_of(principal(self.request).user_id)

    def get_ordering(self) -> tuple[str, ...]:
        return SESSION_ORDER

    def get_serializer_context(self) -> dict[str, Any]:
        context: dict[str, Any] = {**super().get_serializer_context()}
        if getattr(self, "swagger_fake_view", False):
            return context
        return {**context, "current": principal(self.request).session_id}

    @extend_schema(
        summary="Sign out all other devices",
        description="End all sign-ins except the current one. Idempotent.",
        operation_id="users_sessions_destroy_others",
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        other_sessions_revoke(principal(request))
        return Response(status=204)


class SessionView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Sign out a device",
        description="End one of your sign-ins. 404 if it is not yours, or has ended.",
        responses={204: None},
    )
    def delete(self, request: Request, session_id: UUID) -> Response:
        own_session_revoke(principal(request), session_id)
        return Response(status=204)
