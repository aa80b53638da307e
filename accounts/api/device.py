"""API of the sign-in of TVs by RFC 8628, with the RFC's own names (snake_case).

Requests are JSON or, as OAuth clients send them, forms. Errors have our shape, but `error` and
`code` hold the RFC's error code; the status is 400.
"""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import SignInOutput
from accounts.api.views import PublicAuthView, sign_in_json
from accounts.devices import tv_name
from accounts.services.device_errors import UnsupportedGrantType
from accounts.services.device_grants import (
    LIFETIME,
    StartedGrant,
    code_show,
    device_grant_start,
)
from accounts.services.lock_out import Caller
from accounts.services.sessions import Device
from accounts.services.sign_in import app_device_sign_in
from kushfilms.core.api.fields import LineField
from kushfilms.core.api.parsers import LimitedJSONParser
from kushfilms.core.api.throttles import limited
from kushfilms.core.api.validation import validated

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"


class DeviceCodeInput(serializers.Serializer[Any]):
    deviceName = LineField(
        max_length=120,
        required=False,
        allow_blank=True,
        help_text="Only makes and rooms that we know are shown.",
    )


class DeviceCodeOutput(serializers.Serializer[Any]):
    """Show `user_code` and `verification_uri`; `verification_uri_complete` is for a QR code."""

    device_code = serializers.CharField()
    user_code = serializers.CharField()
    verification_uri = serializers.URLField()
    verification_uri_complete = serializers.URLField()
    expires_in = serializers.IntegerField(help_text="Seconds.")
    interval = serializers.IntegerField(help_text="Minimum seconds between two requests.")


class DeviceTokenInput(serializers.Serializer[Any]):
    device_code = serializers.CharField(max_length=200)
    grant_type = serializers.CharField(max_length=100, required=False, default=GRANT_TYPE)


class DeviceErrorOutput(serializers.Serializer[Any]):
    error = serializers.CharField(
        help_text="authorization_pending, slow_down, access_denied, expired_token, invalid_grant,"
        " unsupported_grant_type; Validation Error for an invalid request."
    )
    code = serializers.CharField()
    message = serializers.CharField()
    interval = serializers.IntegerField(required=False, help_text="With slow_down: seconds.")


def verification_uri(user_code: str = "") -> str:
    query = f"?{urlencode({'code': code_show(user_code)})}" if user_code else ""
    return f"{settings.FRONTEND_URL}{reverse('tv')}{query}"


def grant_json(grant: StartedGrant) -> dict[str, Any]:
    return {
        "device_code": grant.device_code,
        "user_code": code_show(grant.row.user_code),
        "verification_uri": verification_uri(),
        "verification_uri_complete": verification_uri(grant.row.user_code),
        "expires_in": int(LIFETIME.total_seconds()),
        "interval": grant.row.interval_seconds,
    }


def tv_device(request: Request, *, given: str = "") -> Device:
    """Return the TV of a request, with a name of our own list."""
    device = Device.of(request._request)
    return replace(device, name=tv_name(device.user_agent, given=given or device.name))


class OAuthView(PublicAuthView):
    parser_classes = [LimitedJSONParser, FormParser]


class DeviceCodeView(OAuthView):
    throttle_classes = [limited("device_code")]

    @extend_schema(
        summary="Start the sign-in of a TV",
        description=(
            "Get the codes for a TV. Show `user_code`, then poll `auth/device/token` "
            "every `interval` seconds."
        ),
        request={"application/json": DeviceCodeInput},
        responses={200: DeviceCodeOutput, 400: DeviceErrorOutput},
    )
    def post(self, request: Request) -> Response:
        given = validated(DeviceCodeInput, request).get("deviceName", "")
        device = tv_device(request, given=given)
        return _unstored(grant_json(device_grant_start(device, now=timezone.now())))


class DeviceTokenView(OAuthView):
    # Not limited: thousands of apps behind one carrier address poll every few seconds, and a guess
    # at 256 random bits costs one index lookup. `slow_down` limits each TV.
    throttle_classes = []

    @extend_schema(
        summary="Poll the sign-in of a TV",
        description=(
            "Get the response of `auth/login` once the TV is approved; 400 with "
            "`authorization_pending` before."
        ),
        request={"application/json": DeviceTokenInput},
        responses={200: SignInOutput, 400: DeviceErrorOutput},
    )
    def post(self, request: Request) -> Response:
        values = validated(DeviceTokenInput, request)
        if values["grant_type"] != GRANT_TYPE:
            raise UnsupportedGrantType
        caller = Caller.of(request)
        now = timezone.now()
        done = app_device_sign_in(values["device_code"], caller=caller, now=now)
        return _unstored(sign_in_json(done))


def _unstored(data: dict[str, Any]) -> Response:
    """Return a response that no cache stores (RFC 8628, 3.2; RFC 6749, 5.1)."""
    return Response(data, headers={"Cache-Control": "no-store"})
