"""API of a person's notifications."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from accounts.models import Notification, NotificationType
from accounts.notification_texts import notification_texts_refresh
from accounts.selectors import NOTIFICATION_ORDER, notifications_of
from accounts.services.notifications import notification_read, notifications_read
from accounts.services.unread import unread_count
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.errors import InvalidInput


class NotificationOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=NotificationType.choices)
    title = serializers.CharField()
    message = serializers.CharField()
    actionUrl = serializers.CharField(
        source="action_url", help_text="A path of the site, or empty."
    )
    createdAt = serializers.DateTimeField(source="created_at")
    readAt = serializers.DateTimeField(source="read_at", allow_null=True)
    metadata = serializers.JSONField()


class UnreadOutput(serializers.Serializer[Any]):
    unread = serializers.IntegerField()


class NotificationPagination(LimitedCursorPagination):
    """Pagination with the count of `unread` notifications."""

    def paginate_queryset(  # type: ignore[override]  # as the base: a keyset needs a queryset
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        self.unread = unread_count(principal(request).user_id)
        rows = super().paginate_queryset(queryset, request, view)
        notification_texts_refresh(rows)
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        response.data["unread"] = self.unread
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described = super().get_paginated_response_schema(schema)
        described["required"].append("unread")
        described["properties"]["unread"] = {"type": "integer", "minimum": 0}
        return described


UNREAD = OpenApiParameter("unread", OpenApiTypes.BOOL, description="`true`: only unread ones.")


@extend_schema_view(
    get=extend_schema(
        summary="List your notifications",
        description="List your notifications, newest first, with the count of unread ones.",
        parameters=[UNREAD],
    )
)
class NotificationListView(ListAPIView[Notification]):
    permission_classes = [SignedIn]
    serializer_class = NotificationOutput
    pagination_class = NotificationPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Notification]:
        if getattr(self, "swagger_fake_view", False):  # the schema has no person
            return Notification.objects.none()
        only_unread = self.request.query_params.get("unread", "false")
        if only_unread not in {"true", "false"}:
            fault = "Use true or false."
            raise InvalidInput("unread is not valid.", fields={"unread": [fault]})
        me = principal(self.request).user_id
        return notifications_of(me, only_unread=only_unread == "true")

    def get_ordering(self) -> tuple[str, ...]:
        return NOTIFICATION_ORDER


class NotificationReadView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Mark a notification as read",
        description="Mark a notification as read. Idempotent.",
        request=None,
        responses=NotificationOutput,
    )
    def put(self, request: Request, pk: Any) -> Response:
        me = principal(request).user_id
        read = notification_read(pk, user_id=me, now=timezone.now())
        notification_texts_refresh([read])
        return Response(NotificationOutput(read).data)


class NotificationsReadView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Mark all notifications as read",
        description="Mark all notifications as read. Idempotent.",
        operation_id="users_notifications_read_all",
        request=None,
        responses=UnreadOutput,
    )
    def put(self, request: Request) -> Response:
        me = principal(request).user_id
        notifications_read(user_id=me, now=timezone.now())
        return Response({"unread": unread_count(me)})
