"""API of people for staff. The services check the rank of the actor."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import needs, principal
from accounts.models import User
from accounts.roles import Role
from accounts.selectors import user_for_staff, users_listed
from accounts.services.moderation import user_ban, user_unban
from accounts.services.staff import user_delete, user_edit
from kushfilms.core.api.fields import AddressField, LineField
from kushfilms.core.api.pagination import NumberedPagination
from kushfilms.core.api.validation import validated, validated_query

LONGEST_BAN_DAYS = 3650
PLANS = ("FREE", "BASIC", "PREMIUM")


class StaffUserOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    plan = serializers.ChoiceField(choices=PLANS, source="plan_now")
    emailVerified = serializers.BooleanField(source="email_verified")
    isBanned = serializers.BooleanField(source="is_banned")
    banReason = serializers.CharField(source="ban_reason")
    bannedUntil = serializers.DateTimeField(source="banned_until", allow_null=True)
    locale = serializers.CharField(help_text="Empty if none was chosen.")
    lastLoginAt = serializers.DateTimeField(source="last_login_at", allow_null=True)
    createdAt = serializers.DateTimeField(source="created_at")
    deletesAt = serializers.DateTimeField(source="deletes_at", allow_null=True)


class UserQuery(serializers.Serializer[Any]):
    search = LineField(required=False, allow_blank=True, max_length=254)
    role = serializers.ChoiceField(choices=Role.choices, required=False)
    plan = serializers.ChoiceField(choices=PLANS, required=False)
    banned = serializers.BooleanField(required=False, allow_null=True, default=None)


class UserInput(serializers.Serializer[Any]):
    # Values that are left out stay.

    email = AddressField(max_length=254, required=False)
    name = LineField(max_length=120, required=False)
    emailVerified = serializers.BooleanField(source="email_verified", required=False)
    role = serializers.ChoiceField(choices=Role.choices, required=False)


class BanInput(serializers.Serializer[Any]):
    reason = LineField(max_length=500)
    days = serializers.IntegerField(
        min_value=1,
        max_value=LONGEST_BAN_DAYS,
        required=False,
        allow_null=True,
        default=None,
        help_text="Left out: until staff lift it.",
    )


@extend_schema_view(
    get=extend_schema(
        operation_id="admin_users_list",
        summary="List people",
        description="List people, newest first, with their plans.",
        parameters=[
            OpenApiParameter("search", str, description="Part of an e-mail or a name."),
            OpenApiParameter("role", str, enum=Role.values),
            OpenApiParameter("plan", str, enum=PLANS),
            OpenApiParameter("banned", bool),
        ],
    )
)
class UserListView(ListAPIView[User]):
    permission_classes = [needs("accounts.view_user")]
    serializer_class = StaffUserOutput
    pagination_class = NumberedPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[User]:
        return users_listed(now=timezone.now(), **validated_query(UserQuery, self.request))


class UserView(APIView):
    def get_permissions(self) -> list[BasePermission]:
        method = self.request.method if self.request is not None else "GET"
        verb = {"PUT": "change", "DELETE": "delete"}.get(str(method), "view")
        return [needs(f"accounts.{verb}_user")()]

    @extend_schema(
        summary="Get a person",
        description="Get a person with their plan.",
        operation_id="admin_users_retrieve",
        responses=StaffUserOutput,
    )
    def get(self, request: Request, user_id: UUID) -> Response:
        return Response(StaffUserOutput(user_for_staff(user_id)).data)

    @extend_schema(
        summary="Update a person",
        description="Change a person below your role. Only a super admin can change roles.",
        operation_id="admin_users_update",
        request=UserInput,
        responses=StaffUserOutput,
    )
    def put(self, request: Request, user_id: UUID) -> Response:
        values = validated(UserInput, request)
        role = values.pop("role", None)
        user_edit(
            user_for_staff(user_id),
            by=principal(request),
            changes=values,
            role=Role(role) if role else None,
        )
        return Response(StaffUserOutput(user_for_staff(user_id)).data)

    @extend_schema(
        summary="Delete an account",
        description=(
            "Schedule the deletion of an account; the person can cancel it until "
            "`deletesAt`. Idempotent."
        ),
        operation_id="admin_users_destroy",
        responses={202: StaffUserOutput},
    )
    def delete(self, request: Request, user_id: UUID) -> Response:
        user_delete(user_for_staff(user_id), by=principal(request), now=timezone.now())
        return Response(StaffUserOutput(user_for_staff(user_id)).data, status=202)


class UserBanView(APIView):
    permission_classes = [needs("accounts.ban_user")]

    @extend_schema(
        summary="Ban a person",
        description=(
            "Ban a person, effective on their next request. Again, it replaces the "
            "reason and the end."
        ),
        request=BanInput,
        responses=StaffUserOutput,
    )
    def post(self, request: Request, user_id: UUID) -> Response:
        values = validated(BanInput, request)
        days = values["days"]
        until = timezone.now() + timedelta(days=days) if days else None
        user = user_for_staff(user_id)
        user_ban(user, reason=values["reason"], until=until, by=principal(request))
        return Response(StaffUserOutput(user_for_staff(user_id)).data)


class UserUnbanView(APIView):
    permission_classes = [needs("accounts.ban_user")]

    @extend_schema(
        summary="Lift a ban",
        description="Lift a person's ban. Idempotent.",
        request=None,
        responses=StaffUserOutput,
    )
    def post(self, request: Request, user_id: UUID) -> Response:
        user_unban(user_for_staff(user_id), by=principal(request))
        return Response(StaffUserOutput(user_for_staff(user_id)).data)
