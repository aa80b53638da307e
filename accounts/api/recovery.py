"""API of links in mails, to confirm an e-mail and to set a new password."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from accounts.api.serializers import (
    DeviceTokenOutput,
    ForgotInput,
    ResetInput,
    VerifiedOutput,
    VerifyInput,
)
from accounts.api.views import PublicAuthView
from accounts.services.email_addresses import email_verification_resend, email_verify
from accounts.services.known_devices import device_remember
from accounts.services.lock_out import Caller
from accounts.services.passwords import forgot_limit, password_forgotten, password_reset
from kushfilms.core.api.throttles import limited
from kushfilms.core.api.validation import validated
from kushfilms.core.request_client import client_network


class VerifyEmailView(PublicAuthView):
    throttle_classes = [limited("link")]

    @extend_schema(
        summary="Confirm an e-mail",
        description=(
            "Confirm an e-mail with the token of a link. A link works once: "
            "afterwards 400 `token_invalid`."
        ),
        request=VerifyInput,
        responses=VerifiedOutput,
    )
    def post(self, request: Request) -> Response:
        user = email_verify(validated(VerifyInput, request)["token"], now=timezone.now())
        return Response(VerifiedOutput(user).data)


class ResendVerificationView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("verify_resend")]

    @extend_schema(
        summary="Resend the confirmation link",
        description=(
            "Send the confirmation link again. 409 `already_verified` if nothing is "
            "left to confirm."
        ),
        request=None,
        responses={202: None},
    )
    def post(self, request: Request) -> Response:
        email_verification_resend(principal(request).user_id)
        return Response(status=202)


class ForgotPasswordView(PublicAuthView):
    throttle_classes = []

    @extend_schema(
        summary="Request a new password",
        description=(
            "Send a link to set a new password. The response is the same whether or "
            "not the e-mail has an account."
        ),
        request=ForgotInput,
        responses={202: None},
    )
    def post(self, request: Request) -> Response:
        data = request.data if isinstance(request.data, dict) else {}
        forgot_limit(str(data.get("email", "")), network=client_network(request))
        password_forgotten(validated(ForgotInput, request)["email"], now=timezone.now())
        return Response(status=202)


class ResetPasswordView(PublicAuthView):
    throttle_classes = [limited("link")]

    @extend_schema(
        summary="Set a new password",
        description=(
            "Set a new password with the token of a link. Signs out all devices. A "
            "used link is 400 `token_invalid`."
        ),
        request=ResetInput,
        responses=DeviceTokenOutput,
    )
    def post(self, request: Request) -> Response:
        values = validated(ResetInput, request)
        user = password_reset(values["token"], password=values["password"], now=timezone.now())
        token = device_remember(user, token=Caller.of(request).device_token)
        return Response({"deviceToken": token})
