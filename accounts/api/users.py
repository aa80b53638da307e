"""API of a person's own profile, picture, mail settings and password."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.api.parsers import PictureParser
from accounts.api.permissions import SignedIn, principal
from accounts.api.serializers import (
    AvatarCompleteInput,
    AvatarUploadInput,
    AvatarUploadOutput,
    DeviceTokenOutput,
    PasswordInput,
    PreferencesBody,
    ProfileInput,
    ProfileOutput,
)
from accounts.selectors import profile_get, profile_of, user_get
from accounts.services.avatar_uploads import avatar_upload_begin, avatar_upload_complete
from accounts.services.avatars import avatar_clear, avatar_set
from accounts.services.known_devices import device_remember
from accounts.services.lock_out import Caller
from accounts.services.passwords import password_change
from accounts.services.profiles import ProfileChange, preferences_update, profile_update
from kushfilms.core.api.throttles import limited
from kushfilms.core.api.validation import validated
from kushfilms.core.images import MOST_BYTES, TYPES

PICTURES = dict.fromkeys(TYPES, OpenApiTypes.BINARY)


class ProfileView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Get your profile",
        description="Get your profile and plan.",
        responses=ProfileOutput,
    )
    def get(self, request: Request) -> Response:
        return Response(ProfileOutput(profile_get(principal(request))).data)

    @extend_schema(
        summary="Update your profile",
        description=(
            "Change the values that are sent. A new `email` needs your `password` and"
            " applies once it is confirmed; until then it is `pendingEmail`. Your "
            "current `email` cancels a pending change."
        ),
        request=ProfileInput,
        responses=ProfileOutput,
    )
    def put(self, request: Request) -> Response:
        values = validated(ProfileInput, request)
        change = ProfileChange(
            name=values.get("name"),
            locale=values.get("locale"),
            date_of_birth=values.get("dateOfBirth"),
            forget_birth="dateOfBirth" in values,
            email=values.get("email"),
            password=values.get("password", ""),
        )
        user = profile_update(principal(request).user_id, change, now=timezone.now())
        return Response(ProfileOutput(profile_of(user)).data)


class AvatarView(APIView):
    largest_body = MOST_BYTES

    def get_throttles(self) -> list[BaseThrottle]:
        return [limited("avatars")()] if self.request.method == "PUT" else super().get_throttles()

    permission_classes = [SignedIn]
    parser_classes = [PictureParser]

    @extend_schema(
        summary="Set your picture",
        description="Send the picture as the body: JPEG, PNG or WebP, at most 5 MiB.",
        request=PICTURES,
        responses={200: ProfileOutput, 422: None},
    )
    def put(self, request: Request) -> Response:
        body: Any = request.data  # without a body no parser has put the picture in
        user = avatar_set(principal(request).user_id, body.get("picture", b""))
        return Response(ProfileOutput(profile_of(user)).data)

    @extend_schema(
        summary="Remove your picture",
        description="Remove your picture. Idempotent.",
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        avatar_clear(principal(request).user_id)
        return Response(status=204)


class AvatarUploadUrlView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("avatar_uploads")]

    @extend_schema(
        summary="Start an upload of your picture",
        description=(
            "Announce a picture. PUT it to `uploadUrl` with the same `Content-Type` "
            "and length, then complete the upload."
        ),
        request=AvatarUploadInput,
        responses={201: AvatarUploadOutput},
    )
    def post(self, request: Request) -> Response:
        values = validated(AvatarUploadInput, request)
        ticket = avatar_upload_begin(
            principal(request).user_id,
            content_type=values["contentType"],
            size=values["size"],
            now=timezone.now(),
        )
        return Response(AvatarUploadOutput(ticket).data, status=201)


class AvatarCompleteView(APIView):
    permission_classes = [SignedIn]
    throttle_classes = [limited("avatars")]

    @extend_schema(
        summary="Complete an upload of your picture",
        description="Make the uploaded picture yours. Idempotent.",
        request=AvatarCompleteInput,
        responses={200: ProfileOutput, 404: None, 409: None, 422: None},
    )
    def post(self, request: Request) -> Response:
        upload_id = validated(AvatarCompleteInput, request)["uploadId"]
        user = avatar_upload_complete(principal(request).user_id, upload_id, now=timezone.now())
        return Response(ProfileOutput(profile_of(user)).data)


class PreferencesView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Get your mail settings",
        description=(
            "Get the sorts of notification that you also get by e-mail. Your list has all of them."
        ),
        responses=PreferencesBody,
    )
    def get(self, request: Request) -> Response:
        return Response({"emailedTypes": user_get(principal(request)).emailed_types})

    @extend_schema(
        summary="Set your mail settings",
        description=("Set the sorts of notification that you also get by e-mail. Idempotent."),
        request=PreferencesBody,
        responses=PreferencesBody,
    )
    def put(self, request: Request) -> Response:
        chosen = validated(PreferencesBody, request)["emailedTypes"]
        user = preferences_update(principal(request).user_id, emailed_types=chosen)
        return Response({"emailedTypes": user.emailed_types})


class PasswordView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Change your password",
        description="Change your password. Signs out all other devices.",
        request=PasswordInput,
        responses=DeviceTokenOutput,
    )
    def put(self, request: Request) -> Response:
        me = principal(request)
        values = validated(PasswordInput, request)
        user = password_change(
            user_get(me),
            current=values["currentPassword"],
            new=values["newPassword"],
            keep=me.session_id,
            now=timezone.now(),
        )
        token = device_remember(user, token=Caller.of(request).device_token)
        return Response({"deviceToken": token})
