"""`/api/v1/auth/`: accounts and sign-in for apps."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import SignedIn, principal
from accounts.api.serializers import (
    DeviceTokenOutput,
    LoginInput,
    ProfileOutput,
    RefreshInput,
    RegisterInput,
    SignInOutput,
    TokensOutput,
)
from accounts.auth.middleware import principal_of
from accounts.selectors import profile_known, profile_of
from accounts.services.known_devices import device_new
from accounts.services.lock_out import Caller
from accounts.services.refresh_tokens import session_refresh
from accounts.services.sessions import Device, session_revoke
from accounts.services.sign_in import AppSignIn, app_register, app_sign_in, site_sign_out
from kushfilms.core.api.throttles import newcomers_limited
from kushfilms.core.api.validation import validated


def signed_in(sign_in: AppSignIn) -> dict[str, Any]:
    user = ProfileOutput(profile_of(sign_in.user)).data
    tokens = TokensOutput(sign_in.tokens).data
    return {"user": user, **tokens, "deviceToken": sign_in.device_token}


class PublicAuthView(APIView):
    """Whatever token or cookie comes along plays no part."""

    authentication_classes = []


class RegisterView(PublicAuthView):
    throttle_classes = [newcomers_limited("register")]

    @extend_schema(request=RegisterInput, responses={201: SignInOutput})
    def post(self, request: Request) -> Response:
        values = validated(RegisterInput, request)
        made = app_register(**values, device=Device.of(request), caller=Caller.of(request))
        return Response(signed_in(made), status=201)


class ClientView(PublicAuthView):
    throttle_classes = [newcomers_limited("client_ids")]

    @extend_schema(request=None, responses={201: DeviceTokenOutput})
    def post(self, request: Request) -> Response:
        """An id for an app on which nobody has signed in yet: send it in `X-Device-Token` with
        every request, and limits count this app and not its neighbours' as well. Ask once."""
        return Response({"deviceToken": device_new()}, status=201)


class LoginView(PublicAuthView):
    throttle_classes = []  # the lock-out counts, who knows known devices

    @extend_schema(request=LoginInput, responses={200: SignInOutput, 401: None, 403: None})
    def post(self, request: Request) -> Response:
        values = validated(LoginInput, request)
        done = app_sign_in(**values, device=Device.of(request), caller=Caller.of(request))
        return Response(signed_in(done))


class RefreshView(PublicAuthView):
    # Not counted: behind one carrier address thousands of the same app refresh every quarter of
    # an hour, a forged token costs us one HMAC, and a real one works once.
    throttle_classes = []

    @extend_schema(request=RefreshInput, responses={200: TokensOutput, 401: None})
    def post(self, request: Request) -> Response:
        raw = validated(RefreshInput, request)["refreshToken"]
        return Response(TokensOutput(session_refresh(raw)).data)


class LogoutView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        session_revoke(principal(request).session_id, reason="signed_out")
        if principal_of(request._request) == principal(request):
            site_sign_out(request._request)  # came by cookie: take it away, too
        return Response(status=204)


class MeView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(responses=ProfileOutput)
    def get(self, request: Request) -> Response:
        return Response(ProfileOutput(profile_known(principal(request))).data)
