"""API of data exports, consents and account deletion."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from accounts.api.serializers import LONGEST_PASSWORD
from accounts.models import Consent, ConsentPurpose, DataExport, ExportStatus
from accounts.selectors import consents_latest, user_get
from accounts.services.consents import consent_give
from accounts.services.erasure import deletion_request_checked, deletion_withdraw
from accounts.services.exports import export_get, export_link, export_request
from kushfilms.core.api.fields import PasswordField
from kushfilms.core.api.throttles import DefaultLimit, limited
from kushfilms.core.api.validation import validated


class ExportOutput(serializers.Serializer[DataExport]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=ExportStatus.choices)
    createdAt = serializers.DateTimeField(source="created_at")
    expiresAt = serializers.DateTimeField(source="expires_at", allow_null=True)
    bytes = serializers.IntegerField(source="total_bytes")
    downloadUrl = serializers.SerializerMethodField(
        help_text="A ZIP; the link is valid for an hour."
    )

    def get_downloadUrl(self, export: DataExport) -> str | None:  # noqa: N802  DRF's name
        return export_link(export, now=timezone.now()) or None


class DeletionInput(serializers.Serializer[Any]):
    password = PasswordField(max_length=LONGEST_PASSWORD)


class DeletionOutput(serializers.Serializer[Any]):
    deletesAt = serializers.DateTimeField()


class ConsentInput(serializers.Serializer[Any]):
    purpose = serializers.ChoiceField(choices=ConsentPurpose.choices)
    granted = serializers.BooleanField()


class ConsentOutput(serializers.Serializer[Any]):
    purpose = serializers.ChoiceField(choices=ConsentPurpose.choices)
    granted = serializers.BooleanField()
    version = serializers.CharField()
    at = serializers.DateTimeField(source="created_at")
    current = serializers.SerializerMethodField(
        help_text="Whether the answer was given to the current text; if not, ask again."
    )

    def get_current(self, consent: Consent) -> bool:
        return consent.version == settings.LEGAL_TEXTS_VERSION


class ExportRequestView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("export")]

    @extend_schema(
        summary="Request a copy of your data",
        description=(
            "Request a copy of all data about you. Poll it by its id, or wait for the"
            " e-mail. Idempotent while one is in progress."
        ),
        request=None,
        responses={202: ExportOutput},
    )
    def post(self, request: Request) -> Response:
        export = export_request(principal(request).user_id)
        return Response(ExportOutput(export).data, status=202)


class ExportView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [DefaultLimit]

    @extend_schema(
        summary="Get a data export",
        description=(
            "Get the status of an export; `downloadUrl` is a link to the ZIP once it is ready."
        ),
        responses=ExportOutput,
    )
    def get(self, request: Request, export_id: UUID) -> Response:
        export = export_get(export_id, user_id=principal(request).user_id)
        return Response(ExportOutput(export).data)


class AccountView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Delete your account",
        description=(
            "Sign out all devices and delete the account after the grace period. Send"
            ' the JSON body `{"password": "…"}`, which OpenAPI cannot describe for '
            "DELETE. Idempotent: the first date stays."
        ),
        responses={202: DeletionOutput, 400: None, 413: None, 415: None},
    )
    def delete(self, request: Request) -> Response:
        password = validated(DeletionInput, request)["password"]
        user = user_get(principal(request))
        deletes_at = deletion_request_checked(user, password=password, now=timezone.now())
        return Response({"deletesAt": deletes_at}, status=202)


class AccountKeepView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Keep your account",
        description="Withdraw the request to delete your account. Idempotent.",
        request=None,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        deletion_withdraw(user_get(principal(request)))
        return Response(status=204)


class ConsentsView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="List your consents",
        description="List your latest answer for each purpose.",
        responses=ConsentOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        latest = consents_latest(principal(request).user_id)
        return Response(ConsentOutput(latest, many=True).data)

    @extend_schema(
        summary="Give or withdraw a consent",
        description="Answer for one purpose. Idempotent.",
        request=ConsentInput,
        responses=ConsentOutput,
    )
    def put(self, request: Request) -> Response:
        values = validated(ConsentInput, request)
        purpose = ConsentPurpose(values["purpose"])
        row = consent_give(principal(request).user_id, purpose=purpose, granted=values["granted"])
        return Response(ConsentOutput(row).data)
