"""API of the second factor."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from accounts.api.serializers import LONGEST_PASSWORD
from accounts.selectors import user_get
from accounts.services.second_factor import totp_begin, totp_confirm, totp_remove
from kushfilms.core.api.fields import PasswordField
from kushfilms.core.api.validation import validated


class TotpBeginInput(serializers.Serializer[Any]):
    password = PasswordField(max_length=LONGEST_PASSWORD)


class TotpOutput(serializers.Serializer[Any]):
    secret = serializers.CharField()
    otpauthUri = serializers.CharField(source="uri")


class TotpConfirmInput(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=60)


class RecoveryCodesOutput(serializers.Serializer[Any]):
    # Shown only once.

    recoveryCodes = serializers.ListField(child=serializers.CharField())


class TotpRemoveInput(TotpBeginInput):
    code = serializers.CharField(max_length=60)


class TotpView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Start the authenticator set-up",
        description=(
            "Get a secret for an authenticator app. It applies once "
            "`users/totp/confirm` got a code."
        ),
        request=TotpBeginInput,
        responses=TotpOutput,
    )
    def post(self, request: Request) -> Response:
        values = validated(TotpBeginInput, request)
        user = user_get(principal(request))
        enrolment = totp_begin(user, **values, now=timezone.now())
        return Response(TotpOutput(enrolment).data, headers={"Cache-Control": "no-store"})

    @extend_schema(
        summary="Remove the authenticator",
        description="Remove the authenticator app with your password and a code.",
        request={"application/json": TotpRemoveInput},
        responses={204: None, 400: None, 413: None, 415: None},
    )
    def delete(self, request: Request) -> Response:
        values = validated(TotpRemoveInput, request)
        user = user_get(principal(request))
        totp_remove(user, **values, now=timezone.now())
        return Response(status=204)


class TotpConfirmView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Confirm the authenticator",
        description=(
            "Turn the second factor on with a first code. The recovery codes are shown only once."
        ),
        request=TotpConfirmInput,
        responses=RecoveryCodesOutput,
    )
    def post(self, request: Request) -> Response:
        values = validated(TotpConfirmInput, request)
        me = principal(request)
        codes = totp_confirm(user_get(me), **values, session_id=me.session_id, now=timezone.now())
        return Response({"recoveryCodes": codes}, headers={"Cache-Control": "no-store"})
