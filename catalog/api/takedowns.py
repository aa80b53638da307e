"""API of copyright claims: `takedowns` for the public, `admin/takedowns` for staff."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import needs, principal
from catalog.models import TakedownNotice, TakedownStatus
from catalog.selectors.takedowns import takedown_get, takedowns_listed
from catalog.services.takedowns import (
    takedown_accept,
    takedown_reject,
    takedown_reverse,
    takedown_submit,
)
from kushfilms.core.api.fields import AddressField, LineField, ParagraphsField
from kushfilms.core.api.pagination import NumberedPagination
from kushfilms.core.api.throttles import limited
from kushfilms.core.api.validation import validated
from kushfilms.core.errors import InvalidInput


class TakedownInput(serializers.Serializer[Any]):
    film = LineField(max_length=500, help_text="Address of its page, id or title.")
    claimantName = LineField(max_length=120, source="claimant_name")
    claimantEmail = AddressField(max_length=254, source="claimant_email")
    organisation = LineField(max_length=160, required=False, allow_blank=True, default="")
    postalAddress = LineField(max_length=300, source="postal_address")
    phone = LineField(max_length=40, required=False, allow_blank=True, default="")
    work = ParagraphsField(max_length=2000, help_text="The claimant's work that was copied.")
    statement = ParagraphsField(max_length=4000)
    swornGoodFaith = serializers.BooleanField(source="sworn_good_faith")
    swornAccurate = serializers.BooleanField(source="sworn_accurate")
    signature = LineField(max_length=120)


class TakedownReceipt(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=TakedownStatus.choices)
    movieTitle = serializers.CharField(source="movie_title")
    createdAt = serializers.DateTimeField(source="created_at")


class TakedownOutput(TakedownReceipt):
    movieId = serializers.UUIDField(source="movie_id", allow_null=True)
    claimantName = serializers.CharField(source="claimant_name")
    claimantEmail = serializers.EmailField(source="claimant_email")
    organisation = serializers.CharField()
    postalAddress = serializers.CharField(source="postal_address")
    phone = serializers.CharField()
    work = serializers.CharField()
    statement = serializers.CharField()
    signature = serializers.CharField()
    decidedAt = serializers.DateTimeField(source="decided_at", allow_null=True)
    decisionNote = serializers.CharField(source="decision_note")
    reversedAt = serializers.DateTimeField(source="reversed_at", allow_null=True)
    reversalNote = serializers.CharField(source="reversal_note")


class NoteInput(serializers.Serializer[Any]):
    note = ParagraphsField(max_length=1000, required=False, allow_blank=True, default="")


class TakedownCreateView(APIView):
    authentication_classes = []
    throttle_classes = [limited("takedowns")]

    @extend_schema(
        summary="Submit a copyright claim",
        description="The claimant is e-mailed a receipt now and the decision later. No sign-in "
        "needed.",
        request=TakedownInput,
        responses={201: TakedownReceipt},
    )
    def post(self, request: Request) -> Response:
        values = validated(TakedownInput, request)
        film: str = values.pop("film")
        notice = takedown_submit(film=film, values=values, now=timezone.now())
        return Response(TakedownReceipt(notice).data, status=201)


@extend_schema_view(
    get=extend_schema(
        summary="List copyright claims",
        description="Oldest first.",
        operation_id="admin_takedowns_list",
        parameters=[OpenApiParameter("status", str, enum=TakedownStatus.values)],
    )
)
class TakedownListView(ListAPIView[TakedownNotice]):
    permission_classes = [needs("catalog.view_takedownnotice")]
    serializer_class = TakedownOutput
    pagination_class = NumberedPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[TakedownNotice]:
        status = self.request.query_params.get("status", "")
        if status and status not in TakedownStatus.values:
            fault = f"One of {', '.join(TakedownStatus.values)}."
            raise InvalidInput("status cannot be used.", fields={"status": [fault]})
        return takedowns_listed(status=status)


class TakedownActionView(APIView):
    permission_classes = [needs("catalog.decide_takedownnotice")]


class TakedownAcceptView(TakedownActionView):
    @extend_schema(
        summary="Accept a copyright claim",
        description="Hides the film at once and ends its streams. The claimant is e-mailed.",
        request=NoteInput,
        responses=TakedownOutput,
    )
    def post(self, request: Request, notice_id: UUID) -> Response:
        note = validated(NoteInput, request)["note"]
        by = principal(request)
        notice = takedown_accept(takedown_get(notice_id), note=note, by=by, now=timezone.now())
        return Response(TakedownOutput(notice).data)


class TakedownRejectView(TakedownActionView):
    @extend_schema(
        summary="Reject a copyright claim",
        description="A note is required: the claimant reads it.",
        request=NoteInput,
        responses=TakedownOutput,
    )
    def post(self, request: Request, notice_id: UUID) -> Response:
        note = validated(NoteInput, request)["note"]
        by = principal(request)
        notice = takedown_reject(takedown_get(notice_id), note=note, by=by, now=timezone.now())
        return Response(TakedownOutput(notice).data)


class TakedownReverseView(TakedownActionView):
    @extend_schema(
        summary="Reverse an accepted claim",
        description="After a counter-notice. Restores what the acceptance changed. A note is "
        "required.",
        request=NoteInput,
        responses=TakedownOutput,
    )
    def post(self, request: Request, notice_id: UUID) -> Response:
        note = validated(NoteInput, request)["note"]
        notice = takedown_reverse(takedown_get(notice_id), note=note, now=timezone.now())
        return Response(TakedownOutput(notice).data)
