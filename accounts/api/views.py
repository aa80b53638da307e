"""API of registration, sign-in and sign-out for apps."""

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
from accounts.selectors import profile_cached, profile_of
from accounts.services.known_devices import device_new
from accounts.services.lock_out import Caller
from accounts.services.refresh_tokens import session_refresh
from accounts.services.sessions import Device, session_revoke
from accounts.services.sign_in import AppSignIn, app_register, app_sign_in, site_sign_out
from kushfilms.core.api.throttles import newcomers_limited
from kushfilms.core.api.validation import validated


def sign_in_json(sign_in: AppSignIn) -> dict[str, Any]:
    user = ProfileOutput(profile_of(sign_in.user)).data
    tokens = TokensOutput(sign_in.tokens).data
    return {"user": user, **tokens, "deviceToken": sign_in.device_token}


class PublicAuthView(APIView):
    # Tokens and cookies of the request are ignored. A comment, as a docstring would become the
    # description of every operation.

    authentication_classes = []


class RegisterView(PublicAuthView):
    throttle_classes = [newcomers_limited("register")]

    @extend_schema(
        summary="Create an account",
        description=(
            "Create an account and sign in. Sends a link to confirm the e-mail. 409 "
            "`email_taken` if the e-mail already has an account."
        ),
        request=RegisterInput,
        responses={201: SignInOutput},
    )
    def post(self, request: Request) -> Response:
        values = validated(RegisterInput, request)
        made = app_register(**values, device=Device.of(request), caller=Caller.of(request))
        return Response(sign_in_json(made), status=201)


class ClientView(PublicAuthView):
    throttle_classes = [newcomers_limited("client_ids")]

    @extend_schema(
        summary="Get a device token",
        description=(
            "Get an id for an app without a sign-in. Send it in `X-Device-Token` with"
            " every request, so that rate limits count this app alone and not its "
            "whole network. Call once and store the token."
        ),
        request=None,
        responses={201: DeviceTokenOutput},
    )
    def post(self, request: Request) -> Response:
        return Response({"deviceToken": device_new()}, status=201)


class LoginView(PublicAuthView):
    throttle_classes = []  # the lock-out counts, as it knows known devices

    @extend_schema(
        summary="Sign in",
        description=(
            "Sign in with e-mail and password. 401 `totp_required` if the account "
            "also needs `code`, from an authenticator app or a recovery code. 403 "
            "`banned` with the reason. Send `X-Device-Token` if you have one: a known"
            " device is not locked out by wrong tries elsewhere."
        ),
        request=LoginInput,
        responses={200: SignInOutput, 401: None, 403: None},
    )
    def post(self, request: Request) -> Response:
        values = validated(LoginInput, request)
        done = app_sign_in(**values, device=Device.of(request), caller=Caller.of(request))
        return Response(sign_in_json(done))


class RefreshView(PublicAuthView):
    # Not limited: thousands of apps behind one carrier address refresh every 15 minutes, a forged
    # token costs one HMAC, and a valid one works once.
    throttle_classes = []

    @extend_schema(
        summary="Refresh the tokens",
        description=(
            "Spend a refresh token for a new pair. Idempotent for a minute: the same "
            "token then gets the same refresh token. A later reuse is 401 "
            "`token_reused` and ends the sign-in."
        ),
        request=RefreshInput,
        responses={200: TokensOutput, 401: None},
    )
    def post(self, request: Request) -> Response:
        raw = validated(RefreshInput, request)["refreshToken"]
        return Response(TokensOutput(session_refresh(raw)).data)


class LogoutView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Sign out",
        description="End the current sign-in.",
        request=None,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        session_revoke(principal(request).session_id, reason="signed_out")
        if principal_of(request._request) == principal(request):
            site_sign_out(request._request)  # signed in by the cookie, which goes too
        return Response(status=204)


class MeView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Get the signed-in person",
        description="Get your profile and plan.",
        responses=ProfileOutput,
    )
    def get(self, request: Request) -> Response:
        return Response(ProfileOutput(profile_cached(principal(request))).data)
