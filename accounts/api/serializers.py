"""Serializers of accounts. The JSON names are the contract's (SPEC, section 3)."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.models import NotificationType, Session
from accounts.roles import Role
from kushfilms.core.api.fast_serializers import LeanSerializer
from kushfilms.core.api.fields import AddressField, LineField, PasswordField, PictureURLField

# Longer than any typed password; bounds the work of the hasher.
LONGEST_PASSWORD = 256
# Above every limit of bytes; a larger size cannot be meant.
LARGEST_SIZE = 2**53


class RegisterInput(serializers.Serializer[Any]):
    email = AddressField(max_length=254)
    password = PasswordField(max_length=LONGEST_PASSWORD)
    name = LineField(max_length=120)


class LoginInput(serializers.Serializer[Any]):
    email = LineField(max_length=254)
    password = PasswordField(max_length=LONGEST_PASSWORD)
    code = serializers.CharField(
        max_length=60,
        required=False,
        allow_blank=True,
        help_text="From an authenticator app, or a recovery code; only if one is set up.",
    )


class RefreshInput(serializers.Serializer[Any]):
    refreshToken = serializers.CharField(max_length=4096)


class HeldPlanOutput(serializers.Serializer[Any]):
    plan = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)


class ProfileOutput(LeanSerializer):
    # Of an `accounts.selectors.Profile`.

    id = serializers.UUIDField(source="user.id")
    email = serializers.EmailField(source="user.email")
    name = serializers.CharField(source="user.name")
    role = serializers.ChoiceField(choices=Role.choices, source="user.role")
    emailVerified = serializers.BooleanField(source="user.email_verified")
    pendingEmail = serializers.CharField(
        source="user.pending_email",
        required=False,
        help_text="The new e-mail until it is confirmed; otherwise left out.",
    )
    locale = serializers.CharField(source="user.language")
    dateOfBirth = serializers.DateField(source="user.date_of_birth", allow_null=True)
    avatarUrl = PictureURLField(source="user.avatar_url", help_text="Empty without a picture.")
    subscription = HeldPlanOutput(source="plan")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        data = super().to_representation(instance)
        if not data["pendingEmail"]:
            del data["pendingEmail"]
        return data


class AvatarUploadInput(serializers.Serializer[Any]):
    contentType = serializers.CharField(
        max_length=100, help_text="`image/jpeg`, `image/png` or `image/webp`; sent with the PUT."
    )
    size = serializers.IntegerField(
        max_value=LARGEST_SIZE, help_text="Bytes, at most 5 MiB; the PUT has exactly as many."
    )


class AvatarUploadOutput(serializers.Serializer[Any]):
    # Of an `accounts.services.avatar_uploads.AvatarTicket`.

    uploadId = serializers.UUIDField(source="upload.pk")
    uploadUrl = serializers.URLField(source="upload_url")
    expiresIn = serializers.IntegerField(source="expires_in", help_text="Seconds.")


class AvatarCompleteInput(serializers.Serializer[Any]):
    uploadId = serializers.UUIDField()


class TokensOutput(serializers.Serializer[Any]):
    accessToken = serializers.CharField(source="access")
    refreshToken = serializers.CharField(source="refresh")


class SignInOutput(serializers.Serializer[Any]):
    # Only for the schema: `views.signed_in` builds the response.

    user = ProfileOutput()
    accessToken = serializers.CharField()
    refreshToken = serializers.CharField()
    deviceToken = serializers.CharField(
        help_text="Send it in `X-Device-Token` at the next sign-in: this device is then known."
    )


class VerifyInput(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=200)


class VerifiedOutput(serializers.Serializer[Any]):
    # Of a `User`.

    email = serializers.EmailField()
    emailVerified = serializers.BooleanField(source="email_verified")


class ForgotInput(serializers.Serializer[Any]):
    email = AddressField(max_length=254)


class ResetInput(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=200)
    password = PasswordField(max_length=LONGEST_PASSWORD)


class DeviceTokenOutput(serializers.Serializer[Any]):
    deviceToken = serializers.CharField()


class PasswordInput(serializers.Serializer[Any]):
    currentPassword = PasswordField(max_length=LONGEST_PASSWORD)
    newPassword = PasswordField(max_length=LONGEST_PASSWORD)


class ProfileInput(serializers.Serializer[Any]):
    # Values that are left out stay.

    name = LineField(max_length=120, required=False)
    locale = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    dateOfBirth = serializers.DateField(allow_null=True, required=False)
    email = AddressField(max_length=254, required=False)
    password = PasswordField(
        max_length=LONGEST_PASSWORD,
        required=False,
        help_text="Your current password; needed to change the e-mail.",
    )


class PreferencesBody(serializers.Serializer[Any]):
    emailedTypes = serializers.ListField(
        child=serializers.ChoiceField(choices=NotificationType.choices), max_length=20
    )


class SessionOutput(serializers.ModelSerializer[Session]):
    device = serializers.CharField()
    place = serializers.CharField(help_text="Country of the sign-in; empty if unknown.")
    createdAt = serializers.DateTimeField(source="created_at")
    lastSeenAt = serializers.DateTimeField(source="last_seen_at")
    current = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = ["id", "kind", "device", "place", "ip", "createdAt", "lastSeenAt", "current"]

    def get_current(self, session: Session) -> bool:
        return bool(session.pk == self.context.get("current"))
